package io.identitybridge.check;

import io.identitybridge.model.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the bridge holds before a test: {@code users} as e-mail to id, {@code groups} as id to name, {@code members} as workspace to e-mail to role.
 */
record Before(Map<String, String> users, Map<String, String> groups, Map<String, Map<String, Role>> members) {

    static Before of(Map<String, Object> written) {
        Map<String, Map<String, Role>> members = new LinkedHashMap<>();
        texts(written.get("members"), (workspace, people) -> {
            Map<String, Role> roles = new LinkedHashMap<>();
            texts(people, (email, role) -> roles.put(email, Role.of(role.toString()).orElseThrow()));
            members.put(workspace, roles);
        });
        return new Before(flat(written.get("users")), flat(written.get("groups")), members);
    }

    Optional<String> email(String id) {
        return users.entrySet().stream().filter(user -> user.getValue().equals(id)).map(Map.Entry::getKey).findFirst();
    }

    private static Map<String, String> flat(Object written) {
        Map<String, String> flat = new LinkedHashMap<>();
        texts(written, (key, value) -> flat.put(key, value.toString()));
        return flat;
    }

    private static void texts(Object written, java.util.function.BiConsumer<String, Object> each) {
        if (written instanceof Map<?, ?> map) {
            map.forEach((key, value) -> each.accept(key.toString(), value));
        }
    }
}
