package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Cause;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The Admin API's lists, with the forms its answers take (PORTKEY 2.2 and rules 26, 27). */
final class AdminRows {
    private AdminRows() {
    }

    record User(String id, String email, String name, OrgRole role) {
    }

    /** @param carries roles by workspace id, where the list says them, which the specification does not promise */
    record Invited(String id, String email, OrgRole role, String status, Map<String, Role> carries) {
    }

    record Workspace(String uuid, Optional<String> slug, String name, String description, boolean shared) {
    }

    /** @param userId named {@code id} or {@code user_id}; some rows have neither, and are known by their address */
    record Member(Optional<String> userId, String email, Role role) {
    }

    static List<User> users(JsonNode list) {
        return rows(list, AdminRows::user);
    }

    static User user(JsonNode row) {
        return new User(text(row, "id"), text(row, "email"), (row.path("first_name").asText("") + " " + row.path("last_name").asText("")).strip(), orgRole(row));
    }

    static List<Invited> invites(JsonNode list) {
        return rows(list, AdminRows::invited);
    }

    static Invited invited(JsonNode row) {
        return new Invited(text(row, "id"), text(row, "email"), orgRole(row), row.path("status").asText("pending"), carries(row));
    }

    private static Map<String, Role> carries(JsonNode row) {
        Map<String, Role> carries = new HashMap<>();
        row.path("workspaces").forEach(each -> Role.of(each.path("role").asText("")).ifPresent(role -> carries.put(each.path("workspace_id").asText(each.path("id").asText("")), role)));
        return carries;
    }

    static List<Workspace> workspaces(JsonNode list) {
        return rows(list, AdminRows::workspace);
    }

    static Workspace workspace(JsonNode row) {
        return new Workspace(text(row, "id"), Optional.ofNullable(row.path("slug").textValue()), plain(text(row, "name")), row.path("description").asText(""), row.path("is_default").asInt(row.path("defaults").path("is_default").asInt(0)) == 1);
    }

    static List<Member> members(JsonNode list) {
        return rows(list, row -> new Member(Optional.ofNullable(row.path("id").textValue()).or(() -> Optional.ofNullable(row.path("user_id").textValue())), text(row, "email"), role(row)));
    }

    static List<Shown.Mapping> mappings(JsonNode list) {
        return rows(list, "mappings", row -> new Shown.Mapping(text(row, "id"), text(row, "workspace_id"), Optional.ofNullable(row.path("scim_group_id").textValue()), text(row, "scim_group"), role(row)));
    }

    private static <T> List<T> rows(JsonNode list, Function<JsonNode, T> row) {
        return rows(list, "data", row);
    }

    /** A list that is none is never an empty one: else everybody would have left. */
    private static <T> List<T> rows(JsonNode list, String name, Function<JsonNode, T> row) {
        JsonNode data = list.path(name);
        if (!data.isArray()) {
            throw odd("a list's answer holds no list");
        }
        List<T> rows = new ArrayList<>();
        data.forEach(one -> rows.add(row.apply(one)));
        return rows;
    }

    private static Role role(JsonNode row) {
        String word = row.path("role").asText("");
        return Role.of(word.startsWith("ws-") ? word.substring(3) : word).orElseThrow(() -> odd("a membership has a role that is none"));
    }

    private static OrgRole orgRole(JsonNode row) {
        return OrgRole.of(row.path("role").asText("")).orElseThrow(() -> odd("somebody has a role that is none"));
    }

    private static String text(JsonNode row, String name) {
        String value = row.path(name).asText("");
        if (value.isBlank()) {
            throw odd("a row lacks its " + name);
        }
        return value;
    }

    /** Portkey puts a workspace's icon in front of its name (an emoji and a blank). */
    static String plain(String name) {
        String bare = name.replaceFirst("^(?:[\\p{So}\\p{Sk}\\x{FE0F}\\x{200D}\\x{1F1E6}-\\x{1F1FF}]+\\s*)+", "").strip();
        return bare.isEmpty() ? name.strip() : bare;
    }

    static TargetFault odd(String message) {
        return new TargetFault(Cause.BUG, "GET", message + ": look at the target's address, and at a proxy between", false, Optional.empty());
    }
}
