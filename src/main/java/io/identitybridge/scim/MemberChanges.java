package io.identitybridge.scim;

import io.identitybridge.model.Text;
import io.identitybridge.store.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the operations of one PATCH say of the members of a group, as they come; {@link Roll} works out what they come to. */
final class MemberChanges implements Patch.Aside {
    private final Roll roll;
    private final Repairs repairs;

    MemberChanges(Roll.Book book, Repairs repairs) {
        this.roll = new Roll(book, Schema.GROUP.attribute("members").orElseThrow());
        this.repairs = repairs;
    }

    Roll.Outcome outcome() {
        return roll.outcome();
    }

    /** The ids in a written list of members: objects, bare texts, one alone. A group in a group is passed over: whoever took its id for a person's would have phantoms. */
    static List<String> ids(Object value, Repairs repairs) {
        List<String> ids = new ArrayList<>();
        for (Object member : value == null ? List.of() : value instanceof List<?> list ? list : List.of(value)) {
            if (ScimOne.isMarked(member)) {
                throw ScimError.invalidValue("a member with an 'operation' is SCIM 1.1's: set the client to SCIM 2.0");
            }
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
    static String id(String text) {
        return Ids.own(text).map(UUID::toString).orElse(text);
    }

    /** Null, or the empty text that some clients write for it: nobody where a path names the members, else nothing that is said of them. */
    static boolean isNothing(Object value) {
        return value == null || "".equals(value);
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
        if (op == Operation.Op.REMOVE && where.isEmpty() && value != null) {
            repairs.did("the members to remove in a value");
        }
        roll.take(op, where, value == null ? Optional.empty() : Optional.of(ids(op != Operation.Op.REMOVE && isNothing(value) ? List.of() : value, repairs)));
        return true;
    }
}
