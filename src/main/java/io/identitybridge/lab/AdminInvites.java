package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.lab.PortkeyRow.Invite;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Standing;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /admin/users/invites}: the only way in; no update, no second one while one is pending. Its lifetime is ours: Portkey names none. */
final class AdminInvites {
    static final Duration LIFETIME = Duration.ofDays(7);
    private static final int PAGE = 50;
    private static final String LINK = "https://app.portkey.example/invite/";

    private AdminInvites() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        String form = call.method() + " " + parts.size();
        return switch (form) {
            case "GET 3" -> list(call, writes);
            case "POST 3" -> create(call, writes);
            case "GET 4" -> Answer.ok(new AdminRows(writes).invite(invite(parts, writes)));
            case "DELETE 4" -> delete(invite(parts, writes), writes);
            case "POST 5" -> resend(invite(parts, writes), writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    private static Invite invite(List<String> parts, PortkeyWrites writes) {
        Invite invite = writes.state.invites.get(parts.get(3));
        if (invite == null) {
            throw Refusal.notFound("invite");
        }
        return invite;
    }

    private static Answer list(Call call, PortkeyWrites writes) {
        String role = call.asked("role");
        String status = call.asked("status");
        Stream<Invite> all = call.query().containsKey("email") ? writes.state.invites(call.asked("email")).stream() : writes.state.invites.values().stream();
        List<Invite> found = all.filter(invite -> role.isEmpty() || invite.role().equals(role)).filter(invite -> status.isEmpty() || invite.standing().word().equals(status)).toList();
        return AdminPage.list(found.size(), AdminPage.CAMEL.of(call, found, PAGE, new AdminRows(writes)::invite));
    }

    private static Answer create(Call call, PortkeyWrites writes) {
        String email = call.text("email");
        if (!email.matches("[^@\\s]+@[^@\\s]+")) {
            throw Refusal.invalid("\"email\" must be a valid email");
        }
        String role = Call.oneOf(call.body().path("role"), AdminUsers.ROLES, "role");
        Map<String, String> workspaces = workspaces(call.body().path("workspaces"), writes);
        if (writes.state.person(email).filter(Person::active).isPresent()) {
            throw Refusal.conflict("user is already in the organisation");
        }
        if (writes.state.pending(email).isPresent()) {
            throw Refusal.conflict("an invite is already pending for this email");
        }
        writes.takeSeat();
        Invite invite = new Invite(PortkeyWrites.id(), email, role, workspaces, Standing.PENDING, writes.now, writes.now.plus(LIFETIME), writes.now);
        writes.put(invite);
        return Answer.ok(Map.of("id", invite.id(), "invite_link", LINK + invite.id()));
    }

    private static Map<String, String> workspaces(JsonNode list, PortkeyWrites writes) {
        if (!list.isArray()) {
            throw Refusal.invalid("\"workspaces\" is required");
        }
        Map<String, String> workspaces = new LinkedHashMap<>();
        for (JsonNode each : list) {
            Workspace workspace = AdminWorkspaces.existing(each.path("id").asText(), writes);
            if (writes.quirks.contains(PortkeyQuirk.INVITE_WANTS_SLUG) && !workspace.slug().equals(each.path("id").asText())) {
                throw Refusal.invalid("\"workspaces.id\" must be a workspace slug");
            }
            workspaces.put(workspace.id(), Call.oneOf(each.path("role"), AdminMembers.ROLES, "workspaces.role"));
        }
        return workspaces;
    }

    /** A pending one is cancelled and still listed as such; any other is forgotten. */
    private static Answer delete(Invite invite, PortkeyWrites writes) {
        if (invite.standing() == Standing.PENDING) {
            writes.put(invite.to(Standing.CANCELLED, invite.expires(), writes.now));
        } else {
            writes.forget(invite);
        }
        return Answer.done();
    }

    private static Answer resend(Invite invite, PortkeyWrites writes) {
        if (invite.standing() != Standing.PENDING && invite.standing() != Standing.EXPIRED) {
            throw Refusal.invalid("the invite is " + invite.standing().word());
        }
        if (invite.standing() == Standing.EXPIRED && writes.state.pending(invite.email()).isPresent()) {
            throw Refusal.conflict("an invite is already pending for this email");
        }
        writes.put(invite.to(Standing.PENDING, writes.now.plus(LIFETIME), writes.now));
        return Answer.ok(Map.of("inviteLink", LINK + invite.id()));
    }
}
