package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A resource while it is changed: attributes set, merged and cleared by what their schema says they are. */
final class Document {
    /** How many values an attribute of a user may have: what people have is a few, and each change looks at all of them. */
    static final int MOST = 10_000;
    private final Map<String, Object> content;
    private final Values values;

    Document(Map<String, Object> content, Values values) {
        this.content = content;
        this.values = values;
    }

    Map<String, Object> content() {
        return content;
    }

    /** A list grows by what it has not yet, and what it has takes on what more is said of it; an object is merged; anything else is set. Nothing to add changes nothing, but null or an empty text clears what is no list, as Entra writes it. */
    void add(Known.Ours at, Object value) {
        if (at.sub().isPresent() || !at.attribute().many()) {
            if (!(at.sub().orElse(at.attribute()).complex() && value instanceof List<?> list && list.isEmpty())) {
                replace(at, value);
            }
            return;
        }
        List<Object> more = new ArrayList<>(listed(values.of(at.attribute(), value).orElse(List.of())));
        List<Object> list = Values.ofOneForm(list(at), more);
        Places places = Places.of(list);
        for (Object fresh : Values.ofOneForm(more, list)) {
            int there = places.of(fresh);
            Object whole = fresh;
            if (there < 0) {
                places.put(fresh, list.size());
                list.add(fresh);
            } else if (list.get(there) instanceof Map<?, ?> old && fresh instanceof Map<?, ?> parts) {
                whole = merged(old, parts);
                list.set(there, whole);
            }
            demote(list, whole);
        }
        put(at, list);
    }

    /** Sets; null or an empty text clears (RFC 7643, 2.5). Of an object what is not named stays (RFC 7644, 3.5.2.3). */
    void replace(Known.Ours at, Object value) {
        if (at.sub().isPresent()) {
            sub(at, at.sub().get(), value);
            return;
        }
        Optional<Object> made = values.of(at.attribute(), value);
        if (!at.attribute().many() && at.attribute().complex() && object(value) instanceof Map<?, ?> said) {
            parts(at, said, map((Map<?, ?>) made.orElse(Map.of())));
        } else if (made.isEmpty()) {
            remove(at);
        } else {
            put(at, made.get());
        }
    }

    /** What is said of an object's parts: those with a value are set, those with null or an empty text cleared. */
    private void parts(Known.Ours at, Map<?, ?> said, Map<String, Object> made) {
        Map<?, ?> before = holder(at, false).get(at.attribute().name()) instanceof Map<?, ?> there ? there : Map.of();
        Map<String, Object> after = merged(before, made);
        said.forEach((name, part) -> at.attribute().sub(String.valueOf(name)).filter(sub -> part == null || "".equals(part)).ifPresent(sub -> clear(at.attribute(), after, sub)));
        whole(at, moved(before, after));
    }

    /** Where the value is another now, the address of the one before goes: it would name somebody else, as the manager before. */
    private static Map<String, Object> moved(Map<?, ?> before, Map<String, Object> after) {
        if (before.get("value") instanceof String one && !one.equals(after.get("value")) && after.get("$ref") instanceof String address && address.endsWith("/" + one)) {
            after.remove("$ref");
        }
        return after;
    }

    /** What is left of an object whose value went says nothing: a manager's address without the manager. */
    private static void clear(Attribute attribute, Map<String, Object> parts, Attribute sub) {
        parts.remove(sub.name());
        if (sub.name().equals("value") && !attribute.many()) {
            parts.clear();
        }
    }

    private void whole(Known.Ours at, Map<String, Object> parts) {
        if (parts.isEmpty()) {
            holder(at, false).remove(at.attribute().name());
            tidy(at);
        } else {
            put(at, parts);
        }
    }

    private static Map<String, Object> merged(Map<?, ?> before, Map<?, ?> more) {
        Map<String, Object> merged = map(before);
        merged.putAll(map(more));
        return merged;
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

    /** Sets, as it is; a user's list that has too many elements, and more than before, is refused. */
    void put(Known.Ours at, Object value) {
        if (value instanceof List<?> list && !MemberChanges.areMeant(at)) {
            fits(at, list, list(at).size());
        }
        if (value instanceof List<?> list && list.isEmpty()) {
            holder(at, false).remove(at.attribute().name());
            tidy(at);
        } else {
            holder(at, true).put(at.attribute().name(), value);
        }
    }

    /** Refuses a list of more values than an attribute may have; one that is longer already may shrink. */
    static void fits(Known.Ours at, List<?> list, int before) {
        if (list.size() > Math.max(MOST, before)) {
            throw ScimError.tooMany("'" + String.join(".", at.path()) + "' comes to " + list.size() + " values, and an attribute of a user has at most " + MOST + ": send only those that are needed");
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
            list.replaceAll(element -> element instanceof Map<?, ?> map ? set(map, sub, made) : text(element, sub, made));
            if (list.isEmpty() && made.isPresent()) {
                list.add(new LinkedHashMap<>(Map.of(sub.name(), made.get())));
            }
            list.removeIf(element -> element instanceof Map<?, ?> map && map.isEmpty());
            put(at, Values.ofOneForm(list, list).stream().distinct().toList());
            return;
        }
        Map<?, ?> before = holder(at, false).get(at.attribute().name()) instanceof Map<?, ?> there ? there : Map.of();
        Map<String, Object> parts = map(before);
        made.ifPresentOrElse(set -> parts.put(sub.name(), set), () -> clear(at.attribute(), parts, sub));
        whole(at, moved(before, parts));
    }

    /** A role that is written as a text alone is its value, and becomes an object where another part of it is set. */
    private static Object text(Object element, Attribute sub, Optional<Object> value) {
        return sub.name().equals("value") ? value.orElse(Map.of()) : value.isEmpty() ? element : set(Map.of("value", element), sub, value);
    }

    /** The same parts with one of them set, or cleared. */
    static Map<String, Object> set(Map<?, ?> parts, Attribute sub, Optional<Object> value) {
        Map<String, Object> changed = map(parts);
        value.ifPresentOrElse(v -> changed.put(sub.name(), v), () -> changed.remove(sub.name()));
        return changed;
    }

    /** The object that is said, alone or as the only one of a list; null where none is. */
    static Object object(Object value) {
        return value instanceof List<?> list && list.size() == 1 ? list.getFirst() : value;
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
