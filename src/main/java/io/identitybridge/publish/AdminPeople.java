package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Role;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Seen;
import java.util.List;
import java.util.Optional;

/** Somebody at Portkey, asked for by himself by its Admin API: by his address, and where no list shows him, by the id he is known by. A list that is empty once is no proof. */
final class AdminPeople {
    private AdminPeople() {
    }

    /** Whoever has the address, of several the one of this id; else whoever has the id, under whatever address. */
    static Optional<AdminRows.User> user(Calls calls, String email, Optional<String> id) {
        List<AdminRows.User> named = named(calls, email);
        return named.stream().filter(user -> id.filter(user.id()::equals).isPresent()).findFirst().or(() -> named.stream().findFirst()).or(() -> id.flatMap(known -> byId(calls, known)));
    }

    /** Else he goes by his id, for his address is another one's. */
    static boolean isAddress(String email) {
        return email.indexOf('@') >= 0;
    }

    private static List<AdminRows.User> named(Calls calls, String email) {
        return !isAddress(email) ? List.of() : AdminRows.users(calls.read(Ask.list("/admin/users?pageSize=100&currentPage=0&email=" + AdminApi.encoded(email)))).stream().filter(found -> same(found.email(), email)).toList();
    }

    /** The invite that can be accepted still. */
    static Optional<AdminRows.Invited> pending(Calls calls, String email, Optional<String> id) {
        return AdminRows.invites(calls.read(Ask.list("/admin/users/invites?pageSize=100&currentPage=0&status=pending&email=" + AdminApi.encoded(email)))).stream().filter(found -> same(found.email(), email))
                .findFirst().or(() -> id.flatMap(known -> invite(calls, known))).filter(found -> found.status().equals("pending"));
    }

    /** The invite of this id, whatever became of it. */
    static Optional<AdminRows.Invited> invite(Calls calls, String id) {
        return read(calls, "/admin/users/invites/" + AdminApi.encoded(id)).map(AdminRows::invited);
    }

    /** His role in a workspace; {@link TargetFault} where that has no members, as if it were not there, and Portkey lists it. */
    static Optional<Role> row(Calls calls, String email, Seen.Place place) {
        String uuid = place.uuid().orElseThrow();
        try {
            Result result = calls.end(new Ask("GET", "/admin/workspaces/" + AdminApi.encoded(uuid) + "/users?page_size=100&current_page=0&email=" + AdminApi.encoded(email), Optional.empty(), Failure.Call.READ, false),
                    () -> AdminWorkspaces.shown(calls, uuid));
            return result instanceof Result.Ok ok ? AdminRows.members(ok.body()).stream().filter(member -> same(member.email(), email)).findFirst().map(AdminRows.Member::role) : Optional.empty();
        } catch (TargetFault fault) {
            if (!fault.forbids() || AdminWorkspaces.shown(calls, uuid)) {
                throw fault;
            }
            return Optional.empty(); // a workspace that was deleted by hand
        }
    }

    /** Whether he is a user still. */
    static boolean shown(Calls calls, String email, String id) {
        return named(calls, email).stream().anyMatch(user -> user.id().equals(id)) || byId(calls, id).isPresent();
    }

    static Optional<AdminRows.User> byId(Calls calls, String id) {
        return read(calls, "/admin/users/" + AdminApi.encoded(id)).map(AdminRows::user);
    }

    /** Whoever is asked for by his id may have left: 403 AB03 says so as well as 404 does, and a key without {@code .read} goes by the lists alone. */
    private static Optional<JsonNode> read(Calls calls, String path) {
        return calls.send(new Ask("GET", path, Optional.empty(), Failure.Call.READ, true)) instanceof Result.Ok ok ? Optional.of(ok.body()) : Optional.empty();
    }

    private static boolean same(String one, String other) {
        return Folded.of(one).equals(Folded.of(other));
    }
}
