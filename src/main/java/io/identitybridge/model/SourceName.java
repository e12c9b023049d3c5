package io.identitybridge.model;

import java.util.regex.Pattern;

/** The name of one IdP tenant, as its files and its SCIM base URL spell it: {@code okta}, {@code acme-directory}. */
public record SourceName(String value) implements Comparable<SourceName> {
    private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    public SourceName {
        if (value == null || !SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a source's name is 1 to 63 of a-z, 0-9 and '-', and begins with a letter; this is not: '" + value + "'");
        }
    }

    @Override
    public int compareTo(SourceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
