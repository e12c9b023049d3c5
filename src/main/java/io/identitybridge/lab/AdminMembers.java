package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.lab.PortkeyRow.Member;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /admin/workspaces/{id}/users}: batches of people of the organisation, all or nobody. What Portkey says of somebody who is in already is not published;
 * that the batch is refused with 409 is our decision, the one that asks most of a caller.
 */
final class AdminMembers {
    static final List<String> ROLES = List.of("admin", "manager", "member");
    private static final int PAGE = 50;

    private AdminMembers() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        Workspace workspace = AdminWorkspaces.existing(parts.get(2), writes);
        return switch (call.method() + " " + parts.size()) {
            case "GET 4" -> list(call, workspace, writes);
            case "POST 4" -> add(call, workspace, writes);
            case "GET 5" -> Answer.ok(new AdminRows(writes).memberAlone(member(workspace, parts.get(4), writes), writes.quirks.contains(PortkeyQuirk.MEMBER_ROW_DIFFERS)));
            case "PUT 5" -> role(call, workspace, member(workspace, parts.get(4), writes), writes);
            case "DELETE 5" -> remove(workspace, member(workspace, parts.get(4), writes), writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    private static Member member(Workspace workspace, String id, PortkeyWrites writes) {
        Person person = AdminUsers.person(id, writes);
        Member member = writes.state.members.get(workspace.id()).get(person.id());
        if (member == null) {
            throw Refusal.notFound("workspace user");
        }
        return member;
    }

    private static Answer list(Call call, Workspace workspace, PortkeyWrites writes) {
        Map<String, Member> all = writes.state.members.get(workspace.id());
        String role = call.asked("role");
        List<Member> found = call.query().containsKey("email") ? writes.state.person(call.asked("email")).map(Person::id).map(all::get).stream().toList() : List.copyOf(all.values());
        List<Member> kept = found.stream().filter(member -> role.isEmpty() || member.role().equals(role)).toList();
        return AdminPage.list(kept.size(), AdminPage.SNAKE.of(call, kept, PAGE, new AdminRows(writes)::member));
    }

    private static Answer add(Call call, Workspace workspace, PortkeyWrites writes) {
        JsonNode users = call.body().path("users");
        if (!users.isArray() || users.isEmpty()) {
            throw Refusal.invalid("\"users\" is required");
        }
        Map<String, String> roles = new LinkedHashMap<>();
        for (JsonNode each : users) {
            roles.put(ofOrganisation(each.path("id").asText(), writes).id(), Call.oneOf(each.path("role"), ROLES, "users.role"));
        }
        Map<String, Member> there = writes.state.members.get(workspace.id());
        if (roles.keySet().stream().anyMatch(there::containsKey)) {
            throw Refusal.conflict("user is already in the workspace");
        }
        roles.forEach((person, role) -> writes.join(workspace.id(), person, role));
        return Answer.done();
    }

    static Person ofOrganisation(String id, PortkeyWrites writes) {
        Person person = writes.state.people.get(id);
        if (person == null || !person.active()) {
            throw Refusal.invalid("user " + id + " is not in the organisation");
        }
        return person;
    }

    private static Answer role(Call call, Workspace workspace, Member member, PortkeyWrites writes) {
        String role = Call.oneOf(call.body().path("role"), ROLES, "role");
        if (member.role().equals(role)) {
            throw Refusal.invalid("user already has the role " + role);
        }
        writes.join(workspace.id(), member.id(), role);
        return Answer.done();
    }

    private static Answer remove(Workspace workspace, Member member, PortkeyWrites writes) {
        writes.leave(workspace.id(), member.id(), !writes.quirks.contains(PortkeyQuirk.KEYS_OUTLIVE_ADMIN_REMOVAL));
        return Answer.done();
    }
}
