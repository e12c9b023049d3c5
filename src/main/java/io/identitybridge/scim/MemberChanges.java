package io.identitybridge.scim;

import io.identitybridge.model.Text;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Match;
import io.identitybridge.store.ScimReads;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** What the operations of one PATCH do to the members of a group: some in and some out, or exactly these. */
final class MemberChanges implements Patch.Aside {
    private final Supplier<List<ScimReads.Member>> present;
    private final Repairs repairs;
    private final Set<String> add = new LinkedHashSet<>();
    private final Set<String> remove = new LinkedHashSet<>();
    private Optional<Set<String>> exactly = Optional.empty();

    /** @param present asked only where a filter picks by something else than ids */
    MemberChanges(Supplier<List<ScimReads.Member>> present, Repairs repairs) {
        this.present = present;
        this.repairs = repairs;
    }

    List<String> add() {
        return List.copyOf(add);
    }

    List<String> remove() {
        return List.copyOf(remove);
    }

    Optional<List<String>> exactly() {
        return exactly.map(List::copyOf);
    }

    /** The ids in a written list of members: objects, bare texts, one alone. A group in a group is passed over: whoever took its id for a person's would have phantoms. */
    static List<String> ids(Object value, Repairs repairs) {
        List<String> ids = new ArrayList<>();
        for (Object member : value == null ? List.of() : value instanceof List<?> list ? list : List.of(value)) {
            if (member instanceof Map<?, ?> map && isGroup(map)) {
                repairs.did("passed over a member of type Group: groups in groups are not followed");
                continue;
            }
            Object id = member instanceof Map<?, ?> map ? part(map, "value") : member;
            if (id == member) {
                repairs.did("a bare id for a member");
            }
            if (!(id instanceof String text) || text.isBlank() || !Text.fits(text)) {
                throw ScimError.invalidValue("a member has a 'value': the id of a user");
            }
            ids.add(id(Texts.whole("members", text)));
        }
        return ids;
    }

    /** One of our own ids in its one spelling; what is none of ours as it is. */
    private static String id(String text) {
        return Ids.own(text).map(UUID::toString).orElse(text);
    }

    private static boolean isGroup(Map<?, ?> member) {
        return "group".equalsIgnoreCase(String.valueOf(part(member, "type"))) || String.valueOf(part(member, "$ref")).contains("/Groups/");
    }

    private static Object part(Map<?, ?> map, String name) {
        return map.entrySet().stream().filter(entry -> name.equalsIgnoreCase(String.valueOf(entry.getKey()))).findFirst().map(Map.Entry::getValue).orElse(null);
    }

    static boolean areMeant(Known.Ours at) {
        return at.extension().isEmpty() && at.attribute().name().equals("members");
    }

    @Override
    public boolean takes(Operation.Op op, Known.Ours at, Optional<Filter> where, Object value) {
        if (!areMeant(at)) {
            return false;
        }
        if (at.sub().isPresent() && !(where.isPresent() && at.sub().get().name().equals("value"))) {
            throw ScimError.mutability("a member is put in and taken out whole; '" + String.join(".", at.path()) + "' is never changed");
        }
        List<String> picked = where.map(filter -> picked(filter, at.attribute())).orElse(List.of());
        if (op == Operation.Op.REMOVE && where.isEmpty() && value != null) {
            repairs.did("the members to remove in a value");
        }
        switch (op) {
            case REMOVE -> out(where.isPresent() ? Optional.of(picked) : value == null ? Optional.empty() : Optional.of(ids(value, repairs)));
            case REPLACE -> {
                if (where.isPresent()) {
                    out(Optional.of(picked));
                    in(ids(value, repairs));
                } else {
                    exactly = Optional.of(new LinkedHashSet<>(ids(value, repairs)));
                    add.clear();
                    remove.clear();
                }
            }
            case ADD -> in(ids(value, repairs));
        }
        return true;
    }

    private void in(List<String> ids) {
        exactly.ifPresentOrElse(all -> all.addAll(ids), () -> {
            add.addAll(ids);
            ids.forEach(remove::remove);
        });
    }

    /** Empty: everybody. */
    private void out(Optional<List<String>> ids) {
        if (ids.isEmpty()) {
            exactly = Optional.of(new LinkedHashSet<>());
            add.clear();
            remove.clear();
        } else if (exactly.isPresent()) {
            ids.get().forEach(exactly.get()::remove);
        } else {
            remove.addAll(ids.get());
            ids.get().forEach(add::remove);
        }
    }

    /** By id without a look at the group, so that its size costs nothing; else by looking at each member. */
    private List<String> picked(Filter where, Attribute members) {
        List<String> ids = new ArrayList<>();
        for (Filter part : where instanceof Filter.Or or ? or.of() : List.of(where)) {
            if (!(part instanceof Filter.Compare(AttributePath path, Match.Op op, Object value) && op == Match.Op.EQ && path.name().equalsIgnoreCase("value") && value instanceof String)) {
                return present.get().stream().filter(member -> Elements.picks(where, Rendering.member(member, ""), members)).map(ScimReads.Member::id).toList();
            }
            ids.add(id((String) ((Filter.Compare) part).value()));
        }
        return ids;
    }
}
