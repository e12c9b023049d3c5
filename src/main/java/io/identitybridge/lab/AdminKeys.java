package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.ApiKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api-keys}, as far as a leaver's keys need it: list (by {@code workspace_id}), read, delete. Its shape is that of Portkey's Terraform provider; the overlay has it not. */
final class AdminKeys {
    private AdminKeys() {
    }

    static Answer answer(Call call, List<String> parts, PortkeyWrites writes) {
        return switch (call.method() + " " + parts.size()) {
            case "GET 1" -> list(call, writes);
            case "GET 2" -> Answer.ok(row(key(parts.get(1), writes)));
            case "DELETE 2" -> delete(key(parts.get(1), writes), writes);
            default -> throw AdminApi.noSuchMethod(call);
        };
    }

    private static Answer list(Call call, PortkeyWrites writes) {
        List<ApiKey> found = writes.state.keys().stream().filter(key -> call.asked("workspace_id").isEmpty() || key.workspace().equals(call.asked("workspace_id"))).toList();
        return AdminPage.list(found.size(), AdminPage.SNAKE.of(call, found, AdminPage.MOST, AdminKeys::row));
    }

    private static ApiKey key(String id, PortkeyWrites writes) {
        return writes.state.keys().stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow(() -> Refusal.notFound("API key"));
    }

    private static Answer delete(ApiKey key, PortkeyWrites writes) {
        writes.state.keys.get(key.person()).remove(key.id());
        writes.did(key.person(), "revoke key " + key.id());
        return Answer.done();
    }

    private static Map<String, Object> row(ApiKey key) {
        return new LinkedHashMap<>(Map.of("object", "api-key", "id", key.id(), "name", key.name(), "type", "workspace-user", "user_id", key.person(), "workspace_id", key.workspace(),
                "status", "active", "created_at", key.created().toString(), "last_updated_at", key.created().toString()));
    }
}
