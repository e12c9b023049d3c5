package io.identitybridge.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing a schema refuses, in words.
 *
 * @param schema the whole schema
 * @param rule   the object in it that refuses
 */
record SchemaFault(JsonNode schema, JsonNode rule, ValidationMessage message) {

    /** Empty for what another fault says already. */
    Optional<FileFault> at(Tree root) {
        Tree tree = root;
        Where keyAt = root.at();
        JsonNodePath path = message.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            Object step = path.getElement(i);
            if (step instanceof Integer index && index < tree.items().size()) {
                tree = tree.items().get(index);
                keyAt = tree.at();
            } else if (tree.entries().get(step.toString()) instanceof Tree.Entry entry) {
                tree = entry.value();
                keyAt = entry.keyAt();
            }
        }
        boolean closed = rule.path("additionalProperties").isBoolean();
        boolean said = closed && message.getType().equals("required") && Findings.misspelt(tree, message.getProperty());
        return said ? Optional.empty() : Optional.of(words(tree, keyAt));
    }

    private FileFault words(Tree tree, Where keyAt) {
        Where at = tree instanceof Tree.Leaf leaf && leaf.value().isEmpty() ? keyAt : tree.at();
        return switch (message.getType()) {
            case "additionalProperties" -> keyOf(tree).fault("unknown key '" + message.getProperty() + "'", DidYouMean.hint(message.getProperty(), names(rule.path("properties"))));
            case "propertyNames" -> name(tree);
            case "required" -> at.fault("'" + message.getProperty() + "' is missing", missing(rule.path("properties").path(message.getProperty())));
            case "type" -> type(tree, at);
            case "enum" -> at.fault(Words.shown(tree) + " is not taken here", DidYouMean.hint(tree instanceof Tree.Leaf leaf ? leaf.text() : "", texts(rule.path("enum"))));
            case "const" -> at.fault(Words.shown(tree) + " is not taken here", "write " + rule.path("const").asText());
            case "pattern" -> at.fault(Words.shown(tree) + " is not " + title(), example());
            case "minLength", "minItems", "minProperties" -> at.fault("'" + message.getInstanceLocation().getName(-1) + "' is empty", missing(rule));
            default -> at.fault(Words.shown(tree) + " is not taken here: " + message.getError(), example());
        };
    }

    private Where keyOf(Tree tree) {
        Tree.Entry entry = tree.entries().get(message.getProperty());
        return entry == null ? tree.at() : entry.keyAt();
    }

    private FileFault name(Tree tree) {
        JsonNode names = schema.at(rule.path("propertyNames").path("$ref").asText("#").substring(1));
        return keyOf(tree).fault("'" + message.getProperty() + "' is not " + title(names), example(names, "write for example ", "choose another name"));
    }

    private FileFault type(Tree tree, Where at) {
        String expected = rule.path("type").asText();
        if (tree instanceof Tree.Leaf leaf && leaf.value().isEmpty()) {
            return at.fault("there is no value", "write " + Words.kind(expected) + example(rule, ", for example ", ""));
        }
        Optional<FileFault> glued = expected.equals("object") && tree instanceof Tree.Leaf leaf ? Traps.glued(leaf.text(), at) : Optional.empty();
        if (glued.isPresent()) {
            return glued.get();
        }
        String wrong = "expected " + Words.kind(expected) + ", found " + Words.shown(tree);
        if (expected.equals("string") && !rule.has("pattern") && tree instanceof Tree.Leaf leaf) {
            return at.fault(wrong, "put it in quotes: \"" + leaf.text() + "\"");
        }
        if (expected.equals("string") && !(tree instanceof Tree.Leaf)) {
            return at.fault(wrong + " (an unquoted ': ' makes a map, a { or [ at the beginning a map or list)", "put the whole value in single quotes");
        }
        return at.fault(wrong, example());
    }

    private String missing(JsonNode property) {
        String description = property.path("description").asText();
        return description.isEmpty() ? "add it" : "add it: " + Words.lowered(description.split("\\.( |$)", 2)[0]);
    }

    private String title() {
        return title(rule);
    }

    private static String title(JsonNode rule) {
        return rule.path("title").asText("what is expected here");
    }

    private String example() {
        return example(rule, "write for example ", "see the format's description");
    }

    private static String example(JsonNode rule, String before, String otherwise) {
        JsonNode examples = rule.path("examples");
        if (examples.isEmpty()) {
            return otherwise;
        }
        List<String> shown = new ArrayList<>();
        examples.forEach(example -> shown.add(example.isTextual() && !example.asText().isEmpty() ? example.asText() : example.toString()));
        return before + shown.stream().limit(3).collect(Collectors.joining(", "));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
