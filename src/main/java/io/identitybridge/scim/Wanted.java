package io.identitybridge.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which attributes an answer shows: those asked for, or all but those excluded; {@code id} and {@code schemas} always (RFC 7644, 3.9). */
record Wanted(List<AttributePath> only, List<AttributePath> without) {
    static final Wanted ALL = new Wanted(List.of(), List.of());

    /** Names of the type's core schema lose its URN; the URN alone means all of that schema, as that of an extension does. */
    static Wanted of(Query query, ResourceType type) {
        return new Wanted(paths(query.attributes(), type), paths(query.excludedAttributes(), type));
    }

    private static List<AttributePath> paths(List<String> written, ResourceType type) {
        return written.stream().map(AttributePath::of).map(path -> new AttributePath(path.urn().filter(urn -> !type.core.is(urn)), path.name(), path.sub())).toList();
    }

    /** Whether anything of this attribute is shown. */
    boolean shows(Optional<String> extension, String name) {
        boolean asked = only.isEmpty() || only.stream().anyMatch(path -> names(path, extension, name));
        return asked && without.stream().noneMatch(path -> path.sub().isEmpty() && names(path, extension, name));
    }

    /** Whether this attribute of the core schema is asked for by name. */
    boolean asks(String name) {
        return only.stream().anyMatch(path -> !path.name().isEmpty() && names(path, Optional.empty(), name)) && shows(Optional.empty(), name);
    }

    Map<String, Object> of(Map<String, Object> resource) {
        if (only.isEmpty() && without.isEmpty()) {
            return resource;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        resource.forEach((name, value) -> {
            if (name.equals("schemas") || name.equals("id")) {
                shown.put(name, value);
            } else if (name.startsWith("urn:") && value instanceof Map<?, ?> extension) {
                Map<String, Object> parts = new LinkedHashMap<>();
                extension.forEach((part, v) -> put(parts, Optional.of(name), part.toString(), v));
                if (!parts.isEmpty()) {
                    shown.put(name, parts);
                }
            } else {
                put(shown, Optional.empty(), name, value);
            }
        });
        return shown;
    }

    private void put(Map<String, Object> shown, Optional<String> extension, String name, Object value) {
        if (!shows(extension, name)) {
            return;
        }
        List<String> subs = only.stream().anyMatch(path -> path.sub().isEmpty() && names(path, extension, name)) ? List.of()
                : only.stream().filter(path -> names(path, extension, name)).flatMap(path -> path.sub().stream()).toList();
        List<String> cut = without.stream().filter(path -> names(path, extension, name)).flatMap(path -> path.sub().stream()).toList();
        Object left = parts(value, subs, cut);
        if (!isEmpty(left)) {
            shown.put(name, left);
        }
    }

    /** What has none of the parts that are asked for is not shown as an empty object. */
    private static boolean isEmpty(Object value) {
        return value instanceof Map<?, ?> map && map.isEmpty() || value instanceof List<?> list && list.isEmpty();
    }

    /** Of a value that is written as a text alone (a role) that text is its {@code value}, and all that it has. */
    private static Object parts(Object value, List<String> only, List<String> without) {
        if (value instanceof List<?> list) {
            return list.stream().map(element -> parts(element, only, without)).filter(element -> !isEmpty(element)).toList();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return in("value", only, without) ? value : Map.of();
        }
        Map<String, Object> parts = new LinkedHashMap<>();
        map.forEach((name, part) -> {
            if (in(name.toString(), only, without)) {
                parts.put(name.toString(), part);
            }
        });
        return parts;
    }

    private static boolean in(String part, List<String> only, List<String> without) {
        return (only.isEmpty() || only.stream().anyMatch(part::equalsIgnoreCase)) && without.stream().noneMatch(part::equalsIgnoreCase);
    }

    /** A path names an attribute by its name, and a whole schema names all in it. */
    private static boolean names(AttributePath path, Optional<String> extension, String name) {
        boolean here = extension.isPresent() ? path.urn().filter(extension.get()::equalsIgnoreCase).isPresent() : path.urn().isEmpty();
        return here && (path.name().isEmpty() || path.name().equalsIgnoreCase(name));
    }
}
