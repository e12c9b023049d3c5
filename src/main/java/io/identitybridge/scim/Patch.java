package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies the operations of one PATCH to a resource, in every form clients send: all of them or none. */
final class Patch {
    /** Takes the operations that are not for the document itself: the members of a group. */
    @FunctionalInterface
    interface Aside {
        /** True if it has taken it. */
        boolean takes(Operation.Op op, Known.Ours at, Optional<Filter> where, Object value);
    }

    private final ResourceType type;
    private final Document document;
    private final Values values;
    private final Repairs repairs;
    private final Aside aside;
    /** How many elements may wait for their value at once: each operation looks at all of them. */
    private static final int MOST_MADE = 100;
    /** What was made because a value path found nothing, without a value so far. */
    private final List<Made> made = new ArrayList<>();
    private long looked;

    private record Made(Known.Ours at, Filter where, String written) {
    }

    Patch(ResourceType type, Map<String, Object> before, Repairs repairs, Aside aside) {
        this.type = type;
        this.values = new Values(repairs);
        this.document = new Document(before, values);
        this.repairs = repairs;
        this.aside = aside;
    }

    /** The resource after them. */
    Map<String, Object> apply(List<Operation> operations) {
        for (Operation operation : operations) {
            if (operation.path().isPresent()) {
                at(operation.op(), operation.path().get(), operation.value(), true);
            } else {
                operation.parts().forEach((name, value) -> {
                    if (name.indexOf('.') >= 0 && !(type.known(AttributePath.of(name)) instanceof Known.Extension)) {
                        repairs.did("a path for the name of an attribute");
                    }
                    at(operation.op(), name, value, false);
                });
            }
        }
        settle();
        return document.content();
    }

    /** An element that was made must have its value by now, whichever operation gave it; and one of a list is preferred at most. */
    private void settle() {
        for (Made fresh : made) {
            if (waits(fresh)) {
                throw ScimError.noTarget("'" + fresh.written() + "' finds no element, and makes none without a value");
            }
        }
        type.core.attributes().stream().filter(Attribute::hasPrimary).forEach(attribute -> Values.onePrimary(attribute, document.list(new Known.Ours(Optional.empty(), attribute, Optional.empty()))));
    }

    private boolean waits(Made fresh) {
        return document.list(fresh.at()).stream().anyMatch(element -> empty(fresh.at().attribute(), element) && Elements.picks(fresh.where(), element, fresh.at().attribute()));
    }

    /** {@code said}: the client named this path; a name inside a path-less value that means nothing here is passed over. */
    private void at(Operation.Op op, String written, Object value, boolean said) {
        Target target = target(written, said);
        if (target == null) {
            return;
        }
        switch (type.known(target.path())) {
            case Known.Ours ours -> {
                spelling(ours, target.path());
                ours(op, ours, target.where(), value, written, said);
            }
            case Known.Extension extension -> extension(op, extension, value);
            case Known.Secret secret -> { }
            case Known.ReadOnly readOnly when said -> throw ScimError.mutability("'" + readOnly.name() + "' is set by the bridge only");
            case Known.Foreign foreign when said -> throw ScimError.invalidPath("the schema of '" + written + "' is not known here");
            case Known.Nothing nothing when said -> throw ScimError.invalidPath("there is no attribute '" + written + "'");
            case Known.ReadOnly readOnly -> repairs.did("passed over " + readOnly.name() + ", which only the bridge sets");
            case Known.Foreign foreign -> repairs.did("passed over what is of a schema not known here");
            case Known.Nothing nothing -> repairs.did("passed over an unknown attribute");
        }
    }

    private void spelling(Known.Ours ours, AttributePath written) {
        if (!written.name().equals(ours.attribute().name()) || !written.sub().equals(ours.sub().map(Attribute::name))) {
            repairs.did("another spelling of " + String.join(".", ours.path()));
        }
    }

    private Target target(String written, boolean said) {
        try {
            return FilterParser.path(written);
        } catch (Malformed wrong) {
            if (said) {
                throw ScimError.invalidPath("the path is not understood: " + wrong.getMessage());
            }
            repairs.did("passed over an unknown attribute");
            return null;
        }
    }

    private void extension(Operation.Op op, Known.Extension extension, Object value) {
        if (op == Operation.Op.REMOVE && extension.schema() == type.core) {
            throw ScimError.noTarget("a whole resource goes by DELETE");
        } else if (op == Operation.Op.REMOVE) {
            document.remove(extension.schema());
        } else if (value == null || "".equals(value)) {
            if (op == Operation.Op.REPLACE) {
                document.remove(extension.schema());
            }
        } else if (value instanceof List<?> list && list.size() == 1) {
            repairs.did("a list for the single value " + extension.schema().urn());
            extension(op, extension, list.getFirst());
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, part) -> at(op, extension.schema().urn() + ":" + name, part, false));
        } else {
            throw ScimError.invalidValue("'" + extension.schema().urn() + "' is an object");
        }
    }

    private void ours(Operation.Op op, Known.Ours at, Optional<Filter> where, Object value, String written, boolean said) {
        where.ifPresent(filter -> Elements.check(filter, at.attribute()));
        if (!said && MemberChanges.isNothing(value) && MemberChanges.areMeant(at)) {
            repairs.did("members that are null or empty, which says nothing of them");
            return;
        }
        if (aside.takes(op, at, where, value)) {
            return;
        }
        look(at);
        if (op != Operation.Op.REMOVE && nothingOfIt(at, value)) {
            if (said && !repairs.letsGo()) {
                throw ScimError.invalidValue("nothing in the value is a part of '" + String.join(".", at.path()) + "'");
            }
            repairs.did("passed over an unknown attribute");
            return;
        }
        if (where.isPresent()) {
            picked(op, at, where.get(), value, written);
            return;
        }
        if (op == Operation.Op.ADD && !said && value == null) {
            return; // a client that writes null of whatever it does not speak of
        }
        if (ResourceType.isAnchor(at.attribute()) && (op == Operation.Op.REMOVE || clears(value))) {
            anchored(said);
            return;
        }
        switch (op) {
            case ADD -> document.add(at, value);
            case REPLACE -> document.replace(at, value);
            case REMOVE -> remove(at, value);
        }
    }

    /** Each operation on a list looks at all of it. */
    private void look(Known.Ours at) {
        looked += at.attribute().many() ? document.list(at).size() : 0;
        if (looked > Roll.MOST_LOOKS) {
            throw ScimError.tooMany("the operations of one PATCH look at more than " + Roll.MOST_LOOKS + " values; '" + String.join(".", at.path()) + "' has too many for so many operations");
        }
    }

    /** null, an empty text or list, or a list or an object of one of those (RFC 7643, 2.5). */
    private static boolean clears(Object value) {
        return value == null || "".equals(value) || value instanceof List<?> list && (list.isEmpty() || list.size() == 1 && clears(list.getFirst())) || Values.unwrapped(value) != value && clears(Values.unwrapped(value));
    }

    /** What this resource is known by is replaced by another, and never taken away: that would part it from what is pulled of it. */
    private void anchored(boolean said) {
        if (said && document.content().containsKey(ResourceType.ANCHOR)) {
            throw ScimError.mutability("'externalId' can be replaced, but not cleared: the bridge knows the resource by it");
        }
    }

    /** An object that says something, none of it of this attribute, or a list of nothing but those: to take it for an empty one would clear what is there. */
    private static boolean nothingOfIt(Known.Ours at, Object value) {
        Attribute leaf = at.sub().orElse(at.attribute());
        List<?> objects = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        return leaf.complex() && !objects.isEmpty() && objects.stream().allMatch(object -> object instanceof Map<?, ?> parts && !parts.isEmpty() && parts.keySet().stream().allMatch(name -> leaf.sub(String.valueOf(name)).isEmpty()));
    }

    /** A remove with a value takes only that out of a list, as Entra means it; null and an empty text are none. */
    private void remove(Known.Ours at, Object value) {
        if (at.attribute().required() && at.sub().isEmpty()) {
            throw ScimError.mutability("'" + at.attribute().name() + "' is required: it can be replaced, but not removed"); // RFC 7644, 3.5.2.2
        }
        if (value == null || "".equals(value) || !at.attribute().many() || at.sub().isPresent()) {
            document.remove(at);
            return;
        }
        List<Object> list = document.list(at);
        List<?> gone = (List<?>) values.of(at.attribute(), value instanceof List ? value : List.of(value)).orElse(List.of());
        Document.fits(at, gone, 0);
        list.removeIf(Places.named(gone));
        document.put(at, list);
    }

    /** The elements a value path picks; one that is missing is made, since Entra expects it (RFC 7644 would say noTarget). */
    private void picked(Operation.Op op, Known.Ours at, Filter where, Object value, String written) {
        if (!at.attribute().many() || !at.attribute().complex()) {
            throw ScimError.invalidPath("'" + at.attribute().name() + "' has no elements to pick from");
        }
        List<Object> list = document.list(at);
        if (op == Operation.Op.REMOVE) { // what it takes from is under making no more
            made.removeIf(fresh -> fresh.at().attribute().equals(at.attribute()) && list.stream().anyMatch(element -> Elements.picks(where, element, at.attribute()) && Elements.picks(fresh.where(), element, at.attribute())));
        }
        Optional<Object> given = op == Operation.Op.REMOVE ? Optional.empty() : at.sub().isPresent() ? values.of(at.sub().get(), value) : values.element(at.attribute(), value);
        boolean found = false;
        for (int i = 0; i < list.size(); i++) {
            if (Elements.picks(where, list.get(i), at.attribute())) {
                found = true;
                list.set(i, op == Operation.Op.REPLACE && at.sub().isEmpty() && given.isPresent() ? replaced(at, where, list.get(i), given.get()) : changed(at, list.get(i), given));
                Document.demote(list, list.get(i));
            }
        }
        if (!found && given.isPresent()) {
            Map<String, Object> asked = Elements.asked(where, at.attribute());
            if (!Elements.picks(where, asked, at.attribute())) {
                throw ScimError.noTarget("'" + written + "' finds no element, and more than equality is asked of it, so that none can be made");
            }
            repairs.did("made the element that " + at.attribute().name() + "[...] did not find");
            Object fresh = changed(at, asked, given);
            list.add(fresh);
            Document.demote(list, fresh);
            if (empty(at.attribute(), fresh)) {
                making(new Made(new Known.Ours(at.extension(), at.attribute(), Optional.empty()), where, written));
            }
        }
        list.removeIf(element -> element.equals(Map.of()) || empty(at.attribute(), element) && made.stream().noneMatch(fresh -> fresh.at().attribute().equals(at.attribute()) && Elements.picks(fresh.where(), element, at.attribute())));
        document.put(at, Values.ofOneForm(list, list));
    }

    private void making(Made fresh) {
        if (made.size() == MOST_MADE) {
            made.removeIf(before -> !waits(before));
        }
        if (made.size() == MOST_MADE) {
            throw ScimError.tooMany("'" + fresh.written() + "' makes one more element where " + MOST_MADE + " have no value yet: give each its value at once");
        }
        made.add(fresh);
    }

    private static Object changed(Known.Ours at, Object element, Optional<Object> made) {
        Map<String, Object> parts = new LinkedHashMap<>(object(element));
        if (at.sub().isPresent()) {
            return Document.set(parts, at.sub().get(), made);
        }
        if (made.isEmpty()) {
            return Map.of();
        }
        parts.putAll(object(made.get()));
        return parts;
    }

    /** A whole element for another (RFC 7644, 3.5.2.3): what the path asks of it stays as it is, and so does its value where none is given, without which it would be none. */
    private static Object replaced(Known.Ours at, Filter where, Object element, Object given) {
        if (!(given instanceof Map) && !(element instanceof Map)) {
            return given;
        }
        Map<String, Object> parts = Elements.asked(where, at.attribute());
        Optional.ofNullable(object(element).get("value")).ifPresent(value -> parts.put("value", value));
        parts.putAll(object(given));
        return parts;
    }

    private static Map<String, Object> object(Object element) {
        return element instanceof Map<?, ?> map ? Document.map(map) : Map.of("value", element);
    }

    /** Where the value is what counts, an element without it is none any more. */
    private static boolean empty(Attribute list, Object element) {
        return element instanceof Map<?, ?> map && (map.isEmpty() || list.sub("value").isPresent() && !map.containsKey("value"));
    }
}
