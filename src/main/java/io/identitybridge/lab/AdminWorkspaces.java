package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /admin/workspaces}: id and slug are taken, the UUID is answered; DELETE wants the name and an empty workspace, and is for good. */
final class AdminWorkspaces {
    private static final int PAGE = 50;

    private AdminWorkspaces() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        return switch (call.method() + " " + parts.size()) {
            case "GET 2" -> list(call, writes);
            case "POST 2" -> create(call, writes);
            case "GET 3" -> Answer.ok(new AdminRows(writes).workspaceWithUsers(existing(parts.get(2), writes)));
            case "PUT 3" -> update(call, existing(parts.get(2), writes), writes);
            case "DELETE 3" -> delete(call, existing(parts.get(2), writes), writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    /** By UUID or slug; one that is gone is 404, or 403 where {@link PortkeyQuirk#DELETED_WORKSPACE_IS_403}. */
    static Workspace existing(String idOrSlug, PortkeyWrites writes) {
        return writes.state.byIdOrSlug(idOrSlug).orElseThrow(() -> writes.state.departed.containsKey(idOrSlug) && writes.quirks.contains(PortkeyQuirk.DELETED_WORKSPACE_IS_403)
                ? Refusal.forbidden() : Refusal.notFound("workspace"));
    }

    private static Answer list(Call call, PortkeyWrites writes) {
        Set<String> standing = Set.of(call.asked("status").isEmpty() ? new String[] {"active"} : call.asked("status").split(","));
        List<Workspace> found = writes.state.workspaces.values().stream().filter(workspace -> standing.contains(workspace.active() ? "active" : "archived"))
                .filter(workspace -> workspace.name().contains(call.asked("name")))
                .filter(workspace -> !call.query().containsKey("exact_name") || workspace.name().equals(call.asked("exact_name"))).toList();
        return AdminPage.list(found.size(), AdminPage.SNAKE.of(call, found, PAGE, new AdminRows(writes)::workspace));
    }

    private static Answer create(Call call, PortkeyWrites writes) {
        String name = call.text("name");
        free(name, writes);
        JsonNode users = call.body().path("users");
        users.forEach(id -> AdminMembers.ofOrganisation(id.asText(), writes));
        Workspace workspace = writes.found(name, call.body().path("description").asText(""), metadata(call.body().path("defaults")), false);
        users.forEach(id -> writes.join(workspace.id(), id.asText(), "member"));
        return Answer.ok(new AdminRows(writes).workspace(workspace));
    }

    /** Whether Portkey takes two workspaces of one name is not published; that it does not is our decision. */
    private static void free(String name, PortkeyWrites writes) {
        if (writes.state.named(name).isPresent()) {
            throw Refusal.conflict("a workspace of this name exists");
        }
    }

    /** {@code defaults} are replaced as a whole. */
    private static Answer update(Call call, Workspace workspace, PortkeyWrites writes) {
        String name = call.body().path("name").asText(workspace.name());
        if (!name.equals(workspace.name())) {
            free(name, writes);
        }
        JsonNode defaults = call.body().path("defaults");
        writes.replace(workspace.with(name, call.body().path("description").asText(workspace.description()),
                defaults.isMissingNode() ? workspace.metadata() : metadata(defaults), writes.now));
        return Answer.done();
    }

    private static Answer delete(Call call, Workspace workspace, PortkeyWrites writes) {
        String name = call.text("name");
        if (!name.equals(workspace.name()) && !name.equals(workspace.shown())) {
            throw Refusal.invalid("\"name\" is not the workspace's");
        }
        if (workspace.isDefault()) {
            throw Refusal.conflict("the default workspace cannot be deleted");
        }
        if (workspace.resources() > 0) {
            throw Refusal.conflict("cannot delete: " + workspace.resources() + " providers, configs or prompts remain");
        }
        writes.delete(workspace);
        return Answer.done();
    }

    private static Map<String, String> metadata(JsonNode defaults) {
        Map<String, String> metadata = new LinkedHashMap<>();
        defaults.path("metadata").fields().forEachRemaining(each -> metadata.put(each.getKey(), each.getValue().asText()));
        return metadata;
    }
}
