package io.identitybridge.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.regex.Pattern;

/** Records to JSON for the store, and back: whole numbers as {@code Long}, as expressions need them. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
    /** An escaped NUL, but not a backslash followed by these letters. */
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() { };

    private Json() {
    }

    /** PostgreSQL keeps no NUL character in jsonb; nobody's name has one. */
    static String text(Map<String, Object> value) {
        try {
            String json = MAPPER.writeValueAsString(value);
            return json.contains("\\u0000") ? NUL.matcher(json).replaceAll("$1") : json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a record that cannot be written as JSON", e);
        }
    }

    static Map<String, Object> object(String text) {
        try {
            return MAPPER.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds a record that is no JSON object", e);
        }
    }
}
