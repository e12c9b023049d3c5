package io.identitybridge.scim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds maps, lists, texts and numbers from JSON while it is parsed, in little memory: 16 MiB of members are some hundred thousand objects with one
 * part. At most 1,000,000 values; a group of the longest body has fewer.
 */
final class Tree {
    private static final int MOST = 1_000_000;
    private final JsonParser parser;
    private int values;

    private Tree(JsonParser parser) {
        this.parser = parser;
    }

    /** The value that the parser's first token begins, up to its end; null for a JSON null. */
    static Object of(JsonParser parser) throws IOException {
        return new Tree(parser).value();
    }

    private Object value() throws IOException {
        values++;
        if (values > MOST) {
            throw ScimError.tooLarge("the body has more than " + MOST + " values");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> list();
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue(); // as it is written: one too great for a double would become Infinity
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? parser.getBigIntegerValue() : (Object) parser.getLongValue();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    /** Names in the order in which they came; of one that comes twice the last counts. */
    private Map<String, Object> object() throws IOException {
        if (parser.nextToken() == JsonToken.END_OBJECT) {
            return Map.of();
        }
        Map<String, Object> parts = part();
        if (parser.nextToken() == JsonToken.END_OBJECT) {
            return parts;
        }
        Map<String, Object> more = new LinkedHashMap<>(4);
        more.putAll(parts);
        do {
            more.putAll(part());
        } while (parser.nextToken() != JsonToken.END_OBJECT);
        return more;
    }

    private Map<String, Object> part() throws IOException {
        String name = parser.currentName();
        parser.nextToken();
        return Collections.singletonMap(name, value());
    }

    private List<Object> list() throws IOException {
        ArrayList<Object> elements = new ArrayList<>(1);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value());
        }
        return elements.isEmpty() ? List.of() : elements;
    }
}
