package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.ApiKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api-keys}, as far as a leaver's keys need it: list (by {@code workspace_id}, id or slug), read, delete. Whether the list without a workspace has the keys of all of them Portkey does not say: here it has none of a workspace's, and a workspace that is not there is a 404. */
final class AdminKeys {
    /** What an answer shows of every key: its ends. */
    private static final String SECRET = "Xk*******S4";

    private AdminKeys() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        return switch (call.method() + " " + parts.size()) {
            case "GET 1" -> list(call, writes);
            case "GET 2" -> Answer.ok(row(key(parts.get(1), writes), writes));
            case "DELETE 2" -> delete(key(parts.get(1), writes), writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    private static Answer list(Call call, PortkeyWrites writes) {
        Optional<PortkeyRow.Workspace> asked = Optional.of(call.asked("workspace_id")).filter(any -> !any.isEmpty()).map(any -> writes.state.byIdOrSlug(any).orElseThrow(() -> Refusal.notFound("Workspace")));
        List<ApiKey> found = writes.state.keys().stream().filter(key -> asked.filter(place -> place.id().equals(key.workspace())).isPresent()).toList();
        return AdminPage.list(found.size(), AdminPage.SNAKE.of(call, found, AdminPage.MOST, key -> row(key, writes)));
    }

    private static ApiKey key(String id, PortkeyWrites writes) {
        return writes.state.keys().stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow(() -> Refusal.notFound("API key"));
    }

    private static Answer delete(ApiKey key, PortkeyWrites writes) {
        writes.state.keys.get(key.person()).remove(key.id());
        writes.did(key.person(), "revoke key " + key.id());
        return Answer.done();
    }

    private static Map<String, Object> row(ApiKey key, PortkeyWrites writes) {
        String place = Optional.ofNullable(writes.state.workspaces.get(key.workspace())).map(PortkeyRow.Workspace::slug).orElse(key.workspace());
        Map<String, Object> row = new LinkedHashMap<>(Map.of("object", "api-key", "id", key.id(), "key", SECRET, "name", key.name(), "type", "workspace-user", "user_id", key.person(), "workspace_id", place, "status", "active"));
        return new AdminRows(writes).dated(row, key.created(), key.created());
    }
}
