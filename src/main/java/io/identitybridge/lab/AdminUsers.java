package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.Person;
import java.util.List;

/** {@code /admin/users}: nobody is made here, nobody becomes owner, an unchanged role is refused. */
final class AdminUsers {
    static final List<String> ROLES = List.of("admin", "member");
    private static final int PAGE = 50;

    private AdminUsers() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        if (parts.size() == 2 && call.isRead()) {
            return list(call, writes);
        }
        if (parts.size() != 3) {
            throw AdminApi.noSuchMethod(call);
        }
        Person person = person(parts.get(2), writes);
        return switch (call.method()) {
            case "GET" -> Answer.ok(new AdminRows(writes).personWithWorkspaces(person));
            case "PUT" -> role(call, person, writes);
            case "DELETE" -> remove(person, writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    /** Somebody of the organisation who is not archived; whoever has left is refused like a thing of somebody else's. */
    static Person person(String id, PortkeyWrites writes) {
        Person person = writes.state.people.get(id);
        if (person == null || !person.active()) {
            boolean left = person != null || writes.state.departed.containsKey(id);
            throw left && !writes.quirks.contains(PortkeyQuirk.DEPARTED_IS_404) ? Refusal.forbidden() : Refusal.notFound("user");
        }
        return person;
    }

    private static Answer list(Call call, PortkeyWrites writes) {
        String role = call.asked("role");
        List<Person> found = (call.query().containsKey("email") ? writes.state.person(call.asked("email")).stream() : writes.state.people.values().stream())
                .filter(Person::active).filter(person -> role.isEmpty() || person.role().equals(role)).toList();
        return AdminPage.list(found.size(), AdminPage.CAMEL.of(call, found, PAGE, new AdminRows(writes)::person));
    }

    private static Answer role(Call call, Person person, PortkeyWrites writes) {
        String role = Call.oneOf(call.body().path("role"), ROLES, "role");
        if (person.role().equals(role)) {
            throw Refusal.invalid("user already has the role " + role);
        }
        notAnOwner(person);
        writes.replace(person.withRole(role, writes.now));
        return Answer.done();
    }

    private static Answer remove(Person person, PortkeyWrites writes) {
        notAnOwner(person);
        writes.remove(person);
        return Answer.done();
    }

    /** What the API says of an owner is not published; that he cannot be touched by it is our decision, the safest of those it may have. */
    private static void notAnOwner(Person person) {
        if (person.role().equals("owner")) {
            throw Refusal.invalid("an organisation owner cannot be changed");
        }
    }
}
