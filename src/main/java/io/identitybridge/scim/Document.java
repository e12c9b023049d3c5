package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** A resource while it is changed: attributes set, merged and cleared by what their schema says they are. */
final class Document {
    private final Map<String, Object> content;
    private final Values values;

    Document(Map<String, Object> content, Values values) {
        this.content = content;
        this.values = values;
    }

    Map<String, Object> content() {
        return content;
    }

    /** A list grows by what it has not yet, and what it has takes on what more is said of it; an object is merged; anything else is set. Nothing to add changes nothing. */
    void add(Known.Ours at, Object value) {
        if (at.sub().isEmpty() && at.attribute().many()) {
            List<Object> list = list(at);
            for (Object fresh : listed(values.of(at.attribute(), value).orElse(List.of()))) {
                int there = IntStream.range(0, list.size()).filter(i -> sameElement(list.get(i), fresh)).findFirst().orElse(list.size());
                Object whole = fresh;
                if (there == list.size()) {
                    list.add(fresh);
                } else if (list.get(there) instanceof Map<?, ?> old && fresh instanceof Map<?, ?> parts) {
                    Map<String, Object> merged = map(old);
                    merged.putAll(map(parts));
                    list.set(there, merged);
                    whole = merged;
                }
                demote(list, whole);
            }
            put(at, list);
        } else if (value != null && !"".equals(value)) {
            replace(at, value);
        }
    }

    /** Sets; null or an empty text clears (RFC 7643, 2.5). */
    void replace(Known.Ours at, Object value) {
        if (at.sub().isPresent()) {
            sub(at, at.sub().get(), value);
            return;
        }
        Optional<Object> made = values.of(at.attribute(), value);
        if (made.isEmpty()) {
            remove(at);
        } else if (!at.attribute().many() && made.get() instanceof Map<?, ?> parts && holder(at, false).get(at.attribute().name()) instanceof Map<?, ?> before) {
            Map<String, Object> merged = map(before);
            merged.putAll(map(parts));
            ((Map<?, ?>) value(value)).forEach((name, part) -> at.attribute().sub(String.valueOf(name)).filter(sub -> part == null || "".equals(part)).ifPresent(sub -> merged.remove(sub.name())));
            put(at, merged);
        } else {
            put(at, made.get());
        }
    }

    void remove(Known.Ours at) {
        if (at.sub().isPresent()) {
            sub(at, at.sub().get(), null);
        } else {
            holder(at, false).remove(at.attribute().name());
            tidy(at);
        }
    }

    /** The elements of a list, to be changed and put back. */
    List<Object> list(Known.Ours at) {
        Object there = holder(at, false).get(at.attribute().name());
        return there == null ? new ArrayList<>() : new ArrayList<>(listed(there));
    }

    void put(Known.Ours at, Object value) {
        if (value instanceof List<?> list && list.isEmpty()) {
            holder(at, false).remove(at.attribute().name());
            tidy(at);
        } else {
            holder(at, true).put(at.attribute().name(), value);
        }
    }

    /** Drops a whole extension. */
    void remove(Schema extension) {
        content.remove(extension.urn());
    }

    /** Only one element of a list is preferred: the newest that says so. */
    static void demote(List<Object> list, Object fresh) {
        if (fresh instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("primary"))) {
            list.replaceAll(other -> other != fresh && other instanceof Map<?, ?> old && Boolean.TRUE.equals(old.get("primary")) ? with(old, "primary", false) : other);
        }
    }

    static Map<String, Object> with(Map<?, ?> map, String name, Object value) {
        Map<String, Object> copy = map(map);
        copy.put(name, value);
        return copy;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<?, ?> map) {
        return new LinkedHashMap<>((Map<String, Object>) map);
    }

    private void sub(Known.Ours at, Attribute sub, Object value) {
        Optional<Object> made = values.of(sub, value);
        if (at.attribute().many()) {
            List<Object> list = list(at);
            list.replaceAll(element -> element instanceof Map<?, ?> map ? set(map, sub, made) : element);
            if (list.isEmpty() && made.isPresent()) {
                list.add(new LinkedHashMap<>(Map.of(sub.name(), made.get())));
            }
            list.removeIf(element -> element instanceof Map<?, ?> map && map.isEmpty());
            put(at, list);
            return;
        }
        Object there = holder(at, false).get(at.attribute().name());
        Map<String, Object> changed = set(there instanceof Map<?, ?> map ? map : Map.of(), sub, made);
        if (changed.isEmpty()) {
            holder(at, false).remove(at.attribute().name());
            tidy(at);
        } else {
            put(at, changed);
        }
    }

    /** The same parts with one of them set, or cleared. */
    static Map<String, Object> set(Map<?, ?> parts, Attribute sub, Optional<Object> value) {
        Map<String, Object> changed = map(parts);
        value.ifPresentOrElse(v -> changed.put(sub.name(), v), () -> changed.remove(sub.name()));
        return changed;
    }

    private static boolean sameElement(Object a, Object b) {
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y && x.containsKey("value")) {
            return Objects.equals(x.get("value"), y.get("value")) && (y.get("type") == null || Objects.equals(x.get("type"), y.get("type")));
        }
        return a.equals(b);
    }

    private static Object value(Object value) {
        Object one = value instanceof List<?> list && list.size() == 1 ? list.getFirst() : value;
        return one instanceof Map ? one : Map.of();
    }

    private static List<?> listed(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> holder(Known.Ours at, boolean make) {
        if (at.extension().isEmpty()) {
            return content;
        }
        Map<String, Object> there = (Map<String, Object>) content.get(at.extension().get());
        if (there != null) {
            return there;
        }
        Map<String, Object> fresh = new LinkedHashMap<>();
        if (make) {
            content.put(at.extension().get(), fresh);
        }
        return fresh;
    }

    private void tidy(Known.Ours at) {
        at.extension().filter(urn -> content.get(urn) instanceof Map<?, ?> map && map.isEmpty()).ifPresent(content::remove);
    }
}
