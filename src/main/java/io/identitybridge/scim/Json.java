package io.identitybridge.scim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.store.ScimRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** JSON in and out, bounded: nesting to 32, whole numbers as {@code Long}, others as they are written, nothing after the end. */
final class Json {
    private static final int DEEPEST = 32;
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() { };
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxNumberLength(64).maxNameLength(1024).build()).build().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE))
            .enable(DeserializationFeature.USE_LONG_FOR_INTS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {
    }

    /** The body of a request, an object, parsed as it comes. */
    static Map<String, Object> request(Bounded body) {
        try {
            return object(body);
        } catch (ScimError refused) {
            body.drain();
            throw refused;
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(InputStream in) {
        try (JsonParser parser = MAPPER.createParser(in)) {
            if (parser.nextToken() == null) {
                throw ScimError.invalidSyntax("the body is empty; an object in JSON is wanted");
            }
            if (parser.currentToken() == JsonToken.START_OBJECT && Tree.of(parser) instanceof Map<?, ?> body && parser.nextToken() == null) {
                return (Map<String, Object>) body;
            }
        } catch (JsonProcessingException e) {
            throw ScimError.invalidSyntax("the body is no object in JSON, or is nested deeper than " + DEEPEST);
        } catch (IOException e) {
            throw ScimError.invalidSyntax("the body ended before it was whole");
        }
        throw ScimError.invalidSyntax("the body is no object in JSON");
    }

    /** JSON inside a text of a request; null where it is none. */
    static Object any(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** What the store holds; whether a user is active is told beside his document. */
    static Map<String, Object> stored(ResourceType type, ScimRow row) {
        Map<String, Object> document = stored(row.document());
        if (type == ResourceType.USER) {
            document.put("active", row.active());
        }
        return document;
    }

    /** JSON of our own. */
    static Map<String, Object> stored(String text) {
        try {
            return MAPPER.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds a resource that is no JSON object", e);
        }
    }

    static <T> T resource(String name, TypeReference<T> type) {
        try (InputStream in = Json.class.getResourceAsStream("/scim/" + name)) {
            return MAPPER.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException("resource scim/" + name, e);
        }
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that cannot be written as JSON", e);
        }
    }
}
