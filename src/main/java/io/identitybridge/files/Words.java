package io.identitybridge.files;

import java.util.Locale;

/** How values and kinds of value are called in faults. */
final class Words {
    private Words() {
    }

    /** {@code 'archvie'}, {@code a map}, {@code the number 5}. */
    static String shown(Tree tree) {
        return switch (tree) {
            case Tree.Branch branch -> "a map";
            case Tree.Row row -> "a list";
            case Tree.Leaf leaf -> leaf.value().map(value -> shown(value, leaf.text())).orElse("no value");
        };
    }

    private static String shown(Object value, String text) {
        return switch (value) {
            case Boolean truth -> truth.toString();
            case Number number -> "the number " + text;
            default -> "'" + (text.length() > 80 ? text.substring(0, 77) + "..." : text) + "'";
        };
    }

    /** JSON Schema's name of a type, for people. */
    static String kind(String type) {
        return switch (type) {
            case "string" -> "text";
            case "object" -> "a map";
            case "array" -> "a list";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    static String lowered(String sentence) {
        return sentence.isEmpty() ? sentence : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
