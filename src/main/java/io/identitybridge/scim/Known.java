package io.identitybridge.scim;

import java.util.List;
import java.util.Optional;

/** What a path names in a resource of one type. */
sealed interface Known {

    /** An attribute of ours. {@code extension} is empty for the core schema. */
    record Ours(Optional<String> extension, Attribute attribute, Optional<Attribute> sub) implements Known {
        /** The names inside the resource. */
        List<String> path() {
            return java.util.stream.Stream.of(extension, Optional.of(attribute.name()), sub.map(Attribute::name)).flatMap(Optional::stream).toList();
        }
    }

    /** All that is of one schema: a whole extension, or the core. */
    record Extension(Schema schema) implements Known {
    }

    /**
     * Set by the server only: what every resource has (id, meta, schemas), and what its schema says so of.
     *
     * @param attribute of the schema, for who reads
     */
    record ReadOnly(String name, Optional<Ours> attribute) implements Known {
    }

    /** A password: taken, and kept nowhere. */
    record Secret() implements Known {
    }

    /** Of a schema that is not ours: passed over. */
    record Foreign() implements Known {
    }

    /** No attribute of this name, or no such part of it. */
    record Nothing() implements Known {
    }
}
