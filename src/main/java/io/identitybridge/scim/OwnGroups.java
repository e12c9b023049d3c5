package io.identitybridge.scim;

import io.identitybridge.store.ScimReads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The groups that a user's own requests name, by id or by name, where memberships come with users ({@code user-based-membership}). Elsewhere {@code groups} is the bridge's alone. */
final class OwnGroups {
    private static final String NAME = "groups";
    /** A user's groups are added, replaced and removed as a group's members are. */
    private static final Known.Ours LIST = new Known.Ours(Optional.empty(), Schema.GROUP.attribute("members").orElseThrow(), Optional.empty());

    private final Supplier<List<ScimReads.Member>> present;
    private final MemberChanges changes;
    private boolean named;

    /** @param present the groups he is in now; asked only where an operation is about them */
    OwnGroups(Supplier<List<ScimReads.Member>> present, Repairs repairs) {
        this.present = present;
        this.changes = new MemberChanges(present, repairs);
    }

    /** The groups in a whole user; empty where it names none, which leaves them as they are. */
    static Optional<List<String>> in(Map<String, Object> body, Repairs repairs) {
        return body.entrySet().stream().filter(entry -> entry.getValue() != null && names(AttributePath.of(entry.getKey()))).findFirst().map(entry -> MemberChanges.ids(references(entry.getValue()), repairs).stream().distinct().toList());
    }

    /** Takes the operations about groups; gives the others. */
    List<Operation> taken(List<Operation> operations) {
        List<Operation> others = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.path().isEmpty()) {
                Map<String, Object> parts = new LinkedHashMap<>(operation.parts());
                operation.parts().forEach((name, value) -> {
                    if (names(AttributePath.of(name))) {
                        parts.remove(name);
                        if (value != null) { // as some clients write what they do not speak of
                            take(operation.op(), Optional.empty(), value);
                        }
                    }
                });
                others.add(new Operation(operation.op(), Optional.empty(), parts));
            } else {
                target(operation.path().get()).ifPresentOrElse(at -> take(operation.op(), at.where(), operation.value()), () -> others.add(operation));
            }
        }
        return others;
    }

    /** All groups after the operations; empty where none was about them. */
    Optional<List<String>> after() {
        if (!named) {
            return Optional.empty();
        }
        return Optional.of(changes.exactly().orElseGet(() -> {
            Set<String> after = new LinkedHashSet<>();
            present.get().stream().filter(group -> changes.remove().stream().noneMatch(out -> is(group, out))).map(ScimReads.Member::id).forEach(after::add);
            after.addAll(changes.add());
            return List.copyOf(after);
        }));
    }

    private void take(Operation.Op op, Optional<Filter> where, Object value) {
        where.ifPresent(filter -> Elements.check(filter, LIST.attribute()));
        named = true;
        changes.takes(op, LIST, where, op == Operation.Op.REMOVE && value == null ? null : references(value));
    }

    private static boolean is(ScimReads.Member group, String reference) {
        return group.id().equals(reference) || group.display().filter(reference::equalsIgnoreCase).isPresent();
    }

    private static boolean names(AttributePath path) {
        return path.name().equalsIgnoreCase(NAME) && path.urn().map(Schema.USER.urn()::equalsIgnoreCase).orElse(true);
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
            Optional<Object> reference = group instanceof Map<?, ?> map ? part(map, "value").or(() -> part(map, "display")) : Optional.of(group);
            references.add(Map.of("value", reference.orElseThrow(() -> ScimError.invalidValue("a group has a 'value', its id, or a 'display', its name"))));
        }
        return references;
    }

    private static Optional<Object> part(Map<?, ?> map, String name) {
        return map.entrySet().stream().filter(entry -> name.equalsIgnoreCase(String.valueOf(entry.getKey()))).<Object>map(Map.Entry::getValue).filter(Objects::nonNull).findFirst();
    }
}
