package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.model.Text;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * One record as the IdP wrote it.
 *
 * @param removed the IdP says that it is deleted; the record may then hold nothing but its id
 * @param record  values are text, whole numbers ({@code Long}), {@code Double}, booleans, lists, maps and null
 */
public record Item(String id, boolean removed, Map<String, Object> record) {
    public Item {
        if (id.isBlank() || !Text.fits(id)) {
            throw new IllegalArgumentException("an id has 1 to " + Text.LONGEST + " bytes");
        }
        record = Collections.unmodifiableMap(record);
    }

    /** An element of a list with the id that the source file points at; empty where it has none. */
    public static Optional<Item> of(SourceFile.Resource resource, Map<String, Object> record) {
        return Json.text(Json.at(record, resource.id().orElse("/id"))).map(id -> new Item(id, false, record));
    }
}
