package io.identitybridge.source;

import java.util.Collections;
import java.util.Map;

/**
 * One record as the IdP wrote it.
 *
 * @param removed the IdP says that it is deleted; the record may then hold nothing but its id
 * @param record  values are text, whole numbers ({@code Long}), {@code Double}, booleans, lists, maps and null
 */
public record Item(String id, boolean removed, Map<String, Object> record) {
    static final int LONGEST_ID = 1024;

    public Item {
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("an id has 1 to " + LONGEST_ID + " characters");
        }
        record = Collections.unmodifiableMap(record);
    }
}
