package io.identitybridge.scim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Users or groups: their schemas, and what a path means in them. */
enum ResourceType {
    USER("User", "/Users", Schema.USER, List.of(Schema.ENTERPRISE), 1 << 20),
    GROUP("Group", "/Groups", Schema.GROUP, List.of(), 16 << 20);

    static final String ANCHOR = "externalId";
    /** What every resource has beside its schemas (RFC 7643, 3.1). */
    private static final Attribute EXTERNAL_ID = new Attribute(ANCHOR, Attribute.Type.STRING, false, false, true, Attribute.Mutability.READ_WRITE, Attribute.Returned.DEFAULT, true, List.of(), List.of());
    private static final Set<String> COMMON = Set.of("id", "meta", "schemas");

    final String label;
    final String endpoint;
    final Schema core;
    final List<Schema> extensions;
    final int longestBody;
    /** What names a resource: its attribute that is unique. */
    final String naming;

    ResourceType(String label, String endpoint, Schema core, List<Schema> extensions, int longestBody) {
        this.label = label;
        this.endpoint = endpoint;
        this.core = core;
        this.extensions = extensions;
        this.longestBody = longestBody;
        this.naming = core.attributes().stream().filter(Attribute::unique).findFirst().orElseThrow().name();
    }

    /** Whether it is the IdP's own id of a resource. */
    static boolean isAnchor(Attribute attribute) {
        return attribute == EXTERNAL_ID;
    }

    /** What a path names, by the schemas. */
    Known known(AttributePath path) {
        Optional<Schema> extension = extensions.stream().filter(schema -> path.urn().filter(schema::is).isPresent()).findFirst();
        if (extension.isPresent()) {
            return path.name().isEmpty() ? new Known.Extension(extension.get()) : ours(Optional.of(extension.get().urn()), extension.get().attribute(path.name()), path);
        }
        if (path.name().isEmpty() && path.urn().filter(core::is).isPresent()) {
            return new Known.Extension(core);
        }
        if (path.urn().isPresent() && !path.urn().get().equalsIgnoreCase(core.urn())) {
            return new Known.Foreign();
        }
        String name = path.name().toLowerCase(Locale.ROOT);
        if (COMMON.contains(name)) {
            return new Known.ReadOnly(name, Optional.empty());
        }
        return ours(Optional.empty(), name.equals("externalid") ? Optional.of(EXTERNAL_ID) : core.attribute(name), path);
    }

    private static Known ours(Optional<String> extension, Optional<Attribute> attribute, AttributePath path) {
        if (attribute.isEmpty() || path.sub().isPresent() && attribute.get().sub(path.sub().get()).isEmpty()) {
            return new Known.Nothing();
        }
        Known.Ours ours = new Known.Ours(extension, attribute.get(), path.sub().flatMap(attribute.get()::sub));
        return switch (ours.sub().filter(Attribute::readOnly).orElse(attribute.get()).mutability()) {
            case READ_ONLY -> new Known.ReadOnly(String.join(".", ours.path()), Optional.of(ours));
            case WRITE_ONLY -> new Known.Secret();
            case READ_WRITE, IMMUTABLE -> ours;
        };
    }
}
