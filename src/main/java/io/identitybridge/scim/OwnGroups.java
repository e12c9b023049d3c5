package io.identitybridge.scim;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Text;
import io.identitybridge.store.ScimReads.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The groups that a user's own requests name, by id or by name, where memberships come with users ({@code user-based-membership}). Elsewhere {@code groups} is the bridge's alone. */
final class OwnGroups {
    private static final String NAME = "groups";
    private static final Attribute LIST = Schema.USER.attribute(NAME).orElseThrow();

    private final Supplier<List<Member>> present;
    private final Function<Collection<String>, Map<String, Member>> known;
    private final Repairs repairs;
    private final Roll roll;

    /**
     * @param present  the groups he is in now; asked only where an operation is about them
     * @param known    the groups that these references mean, by reference
     * @param rendered a group as filters see it
     */
    OwnGroups(Supplier<List<Member>> present, Function<Collection<String>, Map<String, Member>> known, Function<Member, Map<String, Object>> rendered, Repairs repairs) {
        this.present = present;
        this.known = known;
        this.repairs = repairs;
        this.roll = new Roll(new Roll.Book(present, this::meant, reference -> false, group -> named(group, rendered.apply(group))), LIST);
    }

    /** A group that is not there yet is called by what the client called it, whether that was its id or its name. */
    private static Map<String, Object> named(Member group, Map<String, Object> rendered) {
        return group.known() ? rendered : Document.with(rendered, "display", group.id());
    }

    /** The groups in a whole user; empty where it names none, which leaves them as they are. */
    static Optional<List<String>> in(Stream<Map.Entry<String, Object>> parts, Repairs repairs) {
        return parts.filter(entry -> !MemberChanges.isNothing(entry.getValue()) && names(AttributePath.of(entry.getKey()))).findFirst().map(entry -> MemberChanges.ids(references(entry.getValue()), repairs).stream().distinct().toList());
    }

    /** Takes the operations about groups; gives the others. */
    List<Operation> taken(List<Operation> operations) {
        List<Operation> others = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.path().filter(path -> !Schema.USER.is(path)).isEmpty() && operation.op() != Operation.Op.REMOVE) {
                others.add(new Operation(operation.op(), operation.path(), others(operation.op(), operation.value())));
            } else {
                target(operation.path().get()).ifPresentOrElse(at -> take(operation.op(), at.where(), operation.value()), () -> others.add(operation));
            }
        }
        return others;
    }

    /** Of attributes those that are not groups, which are taken, also where they stand under the URN of their own schema. */
    private Object others(Operation.Op op, Object value) {
        if (value instanceof List<?> list && list.size() == 1) {
            return List.of(others(op, list.getFirst()));
        }
        if (!(value instanceof Map<?, ?> written)) {
            return value; // refused by who applies the others
        }
        Map<String, Object> others = Document.map(written);
        Document.map(written).forEach((name, part) -> {
            if (Schema.USER.is(name) && part != null) {
                others.put(name, others(op, part));
            } else if (names(AttributePath.of(name))) {
                others.remove(name);
                if (!MemberChanges.isNothing(part)) { // as some clients write what they do not speak of
                    take(op, Optional.empty(), part);
                }
            }
        });
        return others;
    }

    /** All groups after the operations; empty where none was about them. */
    Optional<List<String>> after() {
        if (roll.isUntouched()) {
            return Optional.empty();
        }
        Roll.Outcome changes = roll.outcome();
        return Optional.of(changes.exactly().orElseGet(() -> {
            Set<String> after = new LinkedHashSet<>();
            present.get().stream().filter(group -> changes.remove().stream().noneMatch(out -> is(group, out))).map(Member::id).forEach(after::add);
            after.addAll(changes.add());
            return List.copyOf(after);
        }));
    }

    private void take(Operation.Op op, Optional<Filter> where, Object value) {
        where.ifPresent(filter -> Elements.check(filter, LIST));
        roll.take(op, where, op == Operation.Op.REMOVE && value == null ? Optional.empty() : Optional.of(MemberChanges.ids(op != Operation.Op.REMOVE && MemberChanges.isNothing(value) ? List.of() : references(value), repairs)));
    }

    /** Each reference that is not the id of a group by the group's; one that no group has by its first spelling, since names are compared without case, composed or decomposed. */
    private Map<String, Member> meant(Collection<String> references) {
        Map<String, Member> meant = new LinkedHashMap<>(known.apply(references));
        Map<String, Member> waiting = new LinkedHashMap<>();
        present.get().stream().filter(group -> !group.known()).forEach(group -> waiting.put(Folded.of(group.id()), group));
        references.stream().filter(reference -> !meant.containsKey(reference)).forEach(reference ->
                meant.put(reference, waiting.computeIfAbsent(Folded.of(reference), folded -> new Member(reference, Optional.empty(), false))));
        return meant;
    }

    private static boolean is(Member group, String reference) {
        return group.id().equals(reference) || group.display().filter(reference::equalsIgnoreCase).isPresent();
    }

    private static boolean names(AttributePath path) {
        return path.name().equalsIgnoreCase(NAME) && path.urn().map(Schema.USER::is).orElse(true);
    }

    private static Optional<Target> target(String path) {
        try {
            return Optional.of(FilterParser.path(path)).filter(target -> names(target.path()));
        } catch (Malformed wrong) {
            return Optional.empty(); // said by who applies the others
        }
    }

    /** Each by its id alone; a group without one by its display name. */
    private static Object references(Object value) {
        List<Object> references = new ArrayList<>();
        for (Object group : value == null ? List.of() : value instanceof List<?> list ? list : List.of(value)) {
            Object reference = group instanceof Map<?, ?> map ? part(map, "value").or(() -> part(map, "display")).orElse("") : group;
            if (!(reference instanceof String text) || text.isBlank() || !Text.fits(text)) {
                throw ScimError.invalidValue("a group has a 'value', its id, or a 'display', its name");
            }
            references.add(Map.of("value", Texts.whole(NAME, text)));
        }
        return references;
    }

    private static Optional<Object> part(Map<?, ?> map, String name) {
        return map.entrySet().stream().filter(entry -> name.equalsIgnoreCase(String.valueOf(entry.getKey()))).<Object>map(Map.Entry::getValue).filter(value -> !MemberChanges.isNothing(value)).findFirst();
    }
}
