package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.lab.PortkeyRow.Group;
import io.identitybridge.lab.PortkeyRow.Mapping;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /scim/workspaces} and {@code /scim/groups}: one group, many workspaces, one role. Deleting a mapping keeps its people. */
final class AdminMappings {
    private AdminMappings() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        return switch (call.method() + " " + (parts.size() < 2 ? "" : parts.get(1)) + " " + parts.size()) {
            case "GET workspaces 2" -> list(call, writes);
            case "POST workspaces 2" -> create(call, writes);
            case "DELETE workspaces 3" -> delete(parts.get(2), writes);
            case "GET groups 2" -> groups(call, writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    /** {@code workspace_id} matches only the UUID; {@code total_count} is of the mappings returned, as the specification says. */
    private static Answer list(Call call, PortkeyWrites writes) {
        List<Mapping> found = writes.state.mappings.values().stream().filter(mapping -> same(call.asked("workspace_id"), mapping.workspace()))
                .filter(mapping -> same(call.asked("scim_group_id"), mapping.group())).filter(mapping -> same(call.asked("role"), mapping.role())).toList();
        List<Map<String, Object>> page = AdminPage.PAGE.of(call, found, AdminPage.MOST, new AdminRows(writes)::mapping);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("mappings", page);
        body.put("total_count", page.size());
        body.put("page", AdminPage.PAGE.number(call));
        body.put("page_size", AdminPage.PAGE.size(call, AdminPage.MOST));
        return Answer.ok(body);
    }

    private static boolean same(String asked, String is) {
        return asked.isEmpty() || asked.equals(is);
    }

    private static Answer create(Call call, PortkeyWrites writes) {
        JsonNode body = call.body();
        Workspace workspace = AdminWorkspaces.existing(call.text("workspace_id"), writes);
        String role = call.text("role").toLowerCase(Locale.ROOT);
        if (!AdminMembers.ROLES.contains(role)) {
            throw Refusal.invalid("\"role\" must be one of " + AdminMembers.ROLES);
        }
        if (body.has("scim_group_id") == body.has("scim_group_name")) {
            throw Refusal.invalid("exactly one of \"scim_group_id\" and \"scim_group_name\" is required");
        }
        Group group = body.has("scim_group_id") ? byId(call.text("scim_group_id"), writes) : byName(call.text("scim_group_name"), writes);
        List<Mapping> others = writes.state.mappings.values().stream().filter(mapping -> mapping.group().equals(group.id())).toList();
        others.stream().filter(mapping -> !mapping.role().equals(role)).findFirst().ifPresent(mapping -> {
            throw Refusal.invalid("SCIM group is already mapped to other workspace(s) with role '" + mapping.role() + "'. A group can only be mapped with a single role across workspaces.");
        });
        Mapping mapping = others.stream().filter(other -> other.workspace().equals(workspace.id())).findFirst().orElseGet(() -> make(group, workspace, role, writes));
        return Answer.ok(new AdminRows(writes).mapping(mapping));
    }

    private static Mapping make(Group group, Workspace workspace, String role, PortkeyWrites writes) {
        Mapping mapping = new Mapping(PortkeyWrites.id(), group.id(), workspace.id(), role);
        writes.state.mappings.put(mapping.id(), mapping);
        writes.did(group.name(), "map " + group.name() + " to " + workspace.name() + " as " + role);
        writes.state.groupMembers.get(group.id()).forEach(person -> writes.join(workspace.id(), person, role));
        return mapping;
    }

    private static Group byId(String id, PortkeyWrites writes) {
        Group group = writes.state.groups.get(id);
        if (group == null) {
            throw Refusal.notFound("SCIM group");
        }
        return group;
    }

    private static Group byName(String name, PortkeyWrites writes) {
        if (GroupPlace.of(name).isPresent()) {
            throw Refusal.invalid("\"scim_group_name\" matches the pattern of automatic groups");
        }
        return writes.state.group(name).orElseGet(() -> new GroupWrites(writes).create(name, ""));
    }

    private static Answer delete(String id, PortkeyWrites writes) {
        Mapping mapping = writes.state.mappings.remove(id);
        if (mapping == null) {
            throw Refusal.notFound("mapping");
        }
        writes.did(writes.state.groups.get(mapping.group()).name(), "unmap " + writes.state.groups.get(mapping.group()).name() + " from " + writes.state.workspaces.get(mapping.workspace()).name());
        return Answer.ok(Map.of("success", true));
    }

    private static Answer groups(Call call, PortkeyWrites writes) {
        Stream<Group> all = writes.state.groups.values().stream();
        List<Group> found = all.filter(group -> group.name().toLowerCase(Locale.ROOT).contains(call.asked("search").toLowerCase(Locale.ROOT))).toList();
        return Answer.ok(Map.of("groups", AdminPage.PAGE.of(call, found, AdminPage.MOST, group -> Map.<String, Object>of("id", group.id(), "name", group.name())), "total_count", found.size()));
    }
}
