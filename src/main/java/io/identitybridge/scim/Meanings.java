package io.identitybridge.scim;

import io.identitybridge.store.ScimRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a PUT or PATCH comes to, in words for operators. */
final class Meanings {
    private Meanings() {
    }

    static String of(ResourceType type, ScimRow row, Map<String, Object> after, Roll.Outcome members) {
        return type == ResourceType.USER ? user(row, after) + members.exactly().map(all -> ", set groups: " + all.size()).orElse("") : group(row, after, members);
    }

    private static String user(ScimRow row, Map<String, Object> after) {
        boolean active = !Boolean.FALSE.equals(after.get("active"));
        if (active != row.active()) {
            return active ? "activate user" : "deactivate user";
        }
        return row.name().equals(after.get("userName")) ? "update user" : "rename user";
    }

    private static String group(ScimRow row, Map<String, Object> after, Roll.Outcome members) {
        List<String> parts = new ArrayList<>();
        if (!row.name().equals(after.get("displayName"))) {
            parts.add("rename group");
        }
        members.exactly().ifPresent(all -> parts.add("set members of group: " + all.size()));
        if (!members.add().isEmpty()) {
            parts.add("add members to group: " + members.add().size());
        }
        if (!members.remove().isEmpty()) {
            parts.add("remove members from group: " + members.remove().size());
        }
        return parts.isEmpty() ? "update group" : String.join(", ", parts);
    }
}
