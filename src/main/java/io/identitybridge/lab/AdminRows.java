package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.Invite;
import io.identitybridge.lab.PortkeyRow.Mapping;
import io.identitybridge.lab.PortkeyRow.Member;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Standing;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the Admin API shows a row. */
final class AdminRows {
    private static final DateTimeFormatter EXAMPLE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SPECIFIED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String INVITER = "70726b79-0000-4000-8000-000000000000";

    private final PortkeyState state;
    private final boolean zoneless;

    AdminRows(PortkeyWrites writes) {
        this.state = writes.state;
        this.zoneless = writes.quirks.contains(PortkeyQuirk.TIMES_WITHOUT_ZONE);
    }

    Map<String, Object> person(Person person) {
        Map<String, Object> row = new LinkedHashMap<>(Map.of("object", "user", "id", person.id(), "first_name", person.firstName(), "last_name", person.lastName(),
                "role", person.role(), "email", person.email()));
        return dated(row, person.created(), person.updated());
    }

    /** With {@code workspace_ids}: of owners and admins all workspaces (since 1.21.0), which is no proof of membership. */
    Map<String, Object> personWithWorkspaces(Person person) {
        Map<String, Object> row = person(person);
        boolean everywhere = !person.role().equals("member");
        row.put("workspace_ids", state.workspaces.values().stream().filter(Workspace::active).map(Workspace::id)
                .filter(id -> everywhere || state.members.get(id).containsKey(person.id())).toList());
        return row;
    }

    Map<String, Object> invite(Invite invite) {
        Map<String, Object> row = new LinkedHashMap<>(Map.of("object", "invite", "id", invite.id(), "email", invite.email(), "role", invite.role(), "created_at", time(invite.created()),
                "expires_at", time(invite.expires()), "status", invite.standing().word(), "invited_by", INVITER));
        if (invite.standing() == Standing.ACCEPTED) {
            row.put("accepted_at", time(invite.changed()));
        }
        row.put("workspaces", invite.workspaces().entrySet().stream().map(each -> Map.of("workspace_id", each.getKey(), "role", each.getValue())).toList());
        return row;
    }

    /** The answer's id is the UUID, whatever was asked with; the name has its icon in front. */
    Map<String, Object> workspace(Workspace workspace) {
        int isDefault = workspace.isDefault() ? 1 : 0;
        Map<String, Object> row = new LinkedHashMap<>(Map.of("object", "workspace", "id", workspace.id(), "slug", workspace.slug(), "name", workspace.shown(), "description", workspace.description(),
                "status", workspace.active() ? "active" : "archived", "is_default", isDefault,
                "defaults", Map.of("metadata", workspace.metadata(), "is_default", isDefault, "object", "workspace"), "usage_limits", List.of(), "rate_limits", List.of()));
        return dated(row, workspace.created(), workspace.updated());
    }

    Map<String, Object> workspaceWithUsers(Workspace workspace) {
        Map<String, Object> row = workspace(workspace);
        row.put("users", state.members.get(workspace.id()).values().stream().map(this::member).toList());
        return row;
    }

    Map<String, Object> member(Member member) {
        Person person = state.people.get(member.id());
        Map<String, Object> row = new LinkedHashMap<>(Map.of("object", "workspace-user", "id", person.id(), "first_name", person.firstName(), "last_name", person.lastName(),
                "org_role", person.role(), "role", member.role(), "status", "active", "workspace_id", member.workspace(), "email", person.email(), "scopes", List.of()));
        return dated(row, member.created(), member.updated());
    }

    /** One member asked for alone: with {@link PortkeyQuirk#MEMBER_ROW_DIFFERS} without {@code id}, and with {@code ws-} before the role. */
    Map<String, Object> memberAlone(Member member, boolean differs) {
        Map<String, Object> row = member(member);
        if (differs) {
            row.put("user_id", row.remove("id"));
            row.put("role", "ws-" + member.role());
        }
        return row;
    }

    Map<String, Object> mapping(Mapping mapping) {
        return new LinkedHashMap<>(Map.of("id", mapping.id(), "workspace_id", mapping.workspace(), "scim_group", state.groups.get(mapping.group()).name(),
                "scim_group_id", mapping.group(), "role", mapping.role()));
    }

    Map<String, Object> dated(Map<String, Object> row, Instant created, Instant updated) {
        row.put("created_at", time(created));
        row.put("last_updated_at", time(updated));
        return row;
    }

    private String time(Instant at) {
        return (zoneless ? EXAMPLE : SPECIFIED).format(at);
    }
}
