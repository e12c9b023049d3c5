package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.lab.PortkeyRow.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code /Groups}: full lists by POST and PUT, where a PUT without members has none, and changes by PATCH. */
final class ScimGroups {
    private static final Pattern ONE_MEMBER = Pattern.compile("members\\[\\s*value\\s+(?i:eq)\\s+\"([^\"]*)\"\\s*]");

    private final PortkeyState state;
    private final GroupWrites groups;

    ScimGroups(PortkeyWrites writes) {
        this.state = writes.state;
        this.groups = new GroupWrites(writes);
    }

    Answer answer(Call call, List<String> parts) {
        boolean withMembers = !call.asked("excludedAttributes").contains("members");
        return switch (call.method() + " " + parts.size()) {
            case "GET 1" -> ScimApi.list(call, found(ScimFilter.of(call.asked("filter"))).toList(), group -> shown(group, withMembers));
            case "POST 1" -> create(call.body());
            case "GET 2" -> Answer.ok(shown(group(parts.get(1)), withMembers));
            case "PUT 2" -> replace(group(parts.get(1)), call.body());
            case "PATCH 2" -> patch(group(parts.get(1)), call.body());
            case "DELETE 2" -> delete(group(parts.get(1)));
            default -> throw new Refusal(404, "", "no " + call.method() + " " + call.path());
        };
    }

    private Group group(String id) {
        Group group = state.groups.get(id);
        if (group == null) {
            throw new Refusal(404, "", "group not found");
        }
        return group;
    }

    private Stream<Group> found(ScimFilter filter) {
        Stream<Group> all = state.groups.values().stream();
        return switch (filter.attribute()) {
            case "" -> all;
            case "displayname" -> all.filter(group -> group.name().equals(filter.value()));
            case "externalid" -> all.filter(group -> group.externalId().equals(filter.value()));
            case "id" -> all.filter(group -> group.id().equals(filter.value()));
            default -> throw ScimFilter.unknown(filter.attribute());
        };
    }

    private Answer create(JsonNode body) {
        String name = name(body);
        if (state.group(name).isPresent()) {
            throw new Refusal(409, "uniqueness", "a group with this displayName exists");
        }
        Group group = groups.create(name, body.path("externalId").asText(""));
        groups.set(group, ids(body.path("members")));
        return new Answer(201, shown(group, true));
    }

    private Answer replace(Group group, JsonNode body) {
        Group to = renamed(group, name(body), body.path("externalId").asText(""));
        groups.set(to, ids(body.path("members")));
        return Answer.ok(shown(to, true));
    }

    private Group renamed(Group group, String name, String externalId) {
        if (state.group(name).filter(other -> !other.id().equals(group.id())).isPresent()) {
            throw new Refusal(409, "uniqueness", "a group with this displayName exists");
        }
        return groups.rename(group, name, externalId);
    }

    private Answer patch(Group group, JsonNode body) {
        if (!body.path("Operations").isArray()) {
            throw new Refusal(400, "invalidSyntax", "Operations are required");
        }
        for (JsonNode each : body.path("Operations")) {
            String path = each.path("path").asText("");
            if (path.isEmpty()) {
                each.path("value").fields().forEachRemaining(field -> change(group.id(), each.path("op").asText(), field.getKey(), field.getValue()));
            } else {
                change(group.id(), each.path("op").asText(), path, each.path("value"));
            }
        }
        return new Answer(204, "");
    }

    private void change(String id, String op, String path, JsonNode value) {
        Group group = group(id);
        Matcher one = ONE_MEMBER.matcher(path);
        if (path.equals("displayName")) {
            renamed(group, value.asText(), group.externalId());
        } else if (path.equals("externalId")) {
            groups.rename(group, group.name(), value.asText());
        } else if (one.matches()) {
            groups.remove(group, one.group(1));
        } else if (path.equals("members")) {
            members(group, op.toLowerCase(Locale.ROOT), value);
        }
    }

    private void members(Group group, String op, JsonNode value) {
        switch (op) {
            case "add" -> ids(value).forEach(person -> groups.add(group, person));
            case "replace" -> groups.set(group, ids(value));
            case "remove" -> (value.isMissingNode() ? List.copyOf(state.groupMembers.get(group.id())) : ids(value)).forEach(person -> groups.remove(group, person));
            default -> throw new Refusal(400, "invalidSyntax", "op is add, replace or remove");
        }
    }

    private Answer delete(Group group) {
        groups.delete(group);
        return new Answer(204, "");
    }

    private static String name(JsonNode body) {
        String name = body.path("displayName").asText("");
        if (name.isBlank()) {
            throw new Refusal(400, "invalidValue", "displayName is required");
        }
        return name;
    }

    private static List<String> ids(JsonNode members) {
        List<String> ids = new ArrayList<>();
        (members.isObject() ? List.of(members) : members).forEach(each -> ids.add(each.isTextual() ? each.asText() : each.path("value").asText("")));
        return ids;
    }

    private ObjectNode shown(Group group, boolean withMembers) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:Group");
        row.put("id", group.id()).put("displayName", group.name());
        if (!group.externalId().isEmpty()) {
            row.put("externalId", group.externalId());
        }
        if (withMembers) {
            ArrayNode members = row.putArray("members");
            state.groupMembers.get(group.id()).forEach(id -> members.addObject().put("value", id).put("display", state.people.get(id).email()));
        }
        row.putObject("meta").put("resourceType", "Group").put("created", group.created().toString()).put("lastModified", group.updated().toString());
        return row;
    }
}
