package io.identitybridge.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a list of SCIM resources is ordered, already checked against their schema: by one value of each, then by id. What has no
 * value comes last, or first where {@code descending} (RFC 7644, 3.4.2.3).
 */
public record Sort(By by, boolean descending) {
    /** In the order in which they came, the default. */
    public static final Sort CREATION = new Sort(new Time("created"), false);

    /** The value that counts. Paths are as in {@link Match}. */
    public sealed interface By {
    }

    /** @param exact with case */
    public record Text(List<String> path, boolean exact) implements By {
    }

    public record Truth(List<String> path) implements By {
    }

    /** @param name created or lastModified */
    public record Time(String name) implements By {
    }

    /** One part of a list's primary element, or of its first where none is primary. */
    public record Element(List<String> list, String part, boolean exact) implements By {
    }

    /** By id alone: no resource has this value, or all have the same. */
    public record Nothing() implements By {
    }

    /**
     * One place in an ordered list: that of a resource, whether or not it is still there.
     *
     * @param backwards the page before it is wanted, not the one after
     * @param value     what it was ordered by, as the store writes it; empty where it had none
     */
    public record Place(boolean backwards, Optional<String> value, UUID id) {
    }
}
