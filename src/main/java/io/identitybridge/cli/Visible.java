package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/**
 * What an IdP calls somebody may hold what a terminal obeys: codes that move, colour or wipe, line ends, and marks that turn the order of
 * reading (Unicode UAX 9). They are shown as Java writes them, so that no name hides a line from whoever approves it.
 */
final class Visible {
    private static final Pattern OBEYED = Pattern.compile("[\\p{Cc}\\u061C\\u200E\\u200F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");

    private Visible() {
    }

    static String text(String text) {
        return OBEYED.matcher(text).replaceAll(found -> "\\\\" + escape(found.group().charAt(0)));
    }

    /** The same in every text and key of an answer. */
    static JsonNode tree(JsonNode answer) {
        if (answer instanceof ObjectNode object) {
            ObjectNode shown = object.objectNode();
            object.fields().forEachRemaining(field -> shown.set(text(field.getKey()), tree(field.getValue())));
            return shown;
        }
        if (answer instanceof ArrayNode array) {
            ArrayNode shown = array.arrayNode(array.size());
            array.forEach(item -> shown.add(tree(item)));
            return shown;
        }
        return answer.isTextual() ? TextNode.valueOf(text(answer.asText())) : answer;
    }

    /** JSON that is written out line by line: its own line ends stay, and what else is obeyed can only stand in a text. */
    static String json(String json) {
        return OBEYED.matcher(json).replaceAll(found -> found.group().matches("[\\r\\n\\t]") ? found.group() : "\\\\" + escape(found.group().charAt(0)));
    }

    private static String escape(char obeyed) {
        return switch (obeyed) {
            case '\n' -> "n";
            case '\r' -> "r";
            case '\t' -> "t";
            default -> "u%04X".formatted((int) obeyed);
        };
    }
}
