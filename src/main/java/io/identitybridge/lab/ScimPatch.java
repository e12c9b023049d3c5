package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** PATCH of one user (RFC 7644, 3.5.2): operations in any case, with a path, dotted or not, or with an object of them; {@code roles} may be added to. */
final class ScimPatch {
    private ScimPatch() {
    }

    /** @return {@code user} itself, changed */
    static ObjectNode apply(ObjectNode user, JsonNode body) {
        if (!body.path("Operations").isArray()) {
            throw new Refusal(400, "invalidSyntax", "Operations are required");
        }
        for (JsonNode each : body.path("Operations")) {
            String op = each.path("op").asText().toLowerCase(Locale.ROOT);
            if (each.path("path").asText("").isEmpty()) {
                each.path("value").fields().forEachRemaining(field -> change(user, op, field.getKey(), field.getValue()));
            } else {
                change(user, op, each.path("path").asText(), each.path("value"));
            }
        }
        return user;
    }

    private static void change(ObjectNode user, String op, String path, JsonNode value) {
        switch (op) {
            case "add", "replace" -> set(user, op, path, value);
            case "remove" -> remove(user, path);
            default -> throw new Refusal(400, "invalidSyntax", "op is add, replace or remove");
        }
    }

    private static void set(ObjectNode user, String op, String path, JsonNode value) {
        if (path.startsWith("emails")) {
            ArrayNode emails = value.isArray() ? (ArrayNode) value : user.arrayNode();
            if (value.isTextual()) {
                emails.addObject().put("value", value.asText()).put("primary", true);
            }
            user.set("emails", emails);
        } else if (path.equals("roles") && op.equals("add") && user.path("roles").isArray()) {
            ArrayNode roles = (ArrayNode) user.path("roles").deepCopy();
            (value.isArray() ? value : user.arrayNode().add(value)).forEach(roles::add);
            user.set("roles", roles);
        } else if (path.startsWith("name.")) {
            user.withObject("/name").set(path.substring(5), value);
        } else if (path.equals("name") && value.isObject()) {
            user.withObject("/name").setAll((ObjectNode) value);
        } else if (!path.equals("id")) {
            user.set(path, value);
        }
    }

    private static void remove(ObjectNode user, String path) {
        if (path.startsWith("name.")) {
            user.withObject("/name").remove(path.substring(5));
        } else {
            user.remove(path.replaceFirst("\\[.*", ""));
        }
    }
}
