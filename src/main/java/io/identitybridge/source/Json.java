package io.identitybridge.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as plain maps and lists, whole numbers as {@code Long}, at most 64 levels deep. */
final class Json {
    private static final int DEPTH = 64;
    private static final ObjectMapper MAPPER = JsonMapper
        .builder(JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build()).build())
        .enable(DeserializationFeature.USE_LONG_FOR_INTS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    private Json() {
    }

    /** Fails with the place where it is no JSON, never with the text itself. */
    static Object parse(byte[] body) throws IOException {
        try {
            Object parsed = MAPPER.readValue(body, Object.class);
            if (parsed == null) {
                throw new IOException("it is null");
            }
            return parsed;
        } catch (JsonProcessingException broken) {
            String at = broken.getLocation() == null ? "" : " at line " + broken.getLocation().getLineNr() + ", column " + broken.getLocation().getColumnNr();
            throw new IOException("it cannot be read" + at);
        }
    }

    /** An error's body, if it is JSON at all. */
    static Optional<Object> lenient(byte[] body) {
        try {
            return Optional.of(parse(body));
        } catch (IOException noJson) {
            // Proxies answer errors with HTML: there is then no code to show, and the status says enough.
            return Optional.empty();
        }
    }

    /** The value at a JSON pointer; null where there is none. */
    static Object at(Object value, String pointer) {
        Object here = value;
        for (String step : steps(pointer)) {
            here = switch (here) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list when step.matches("\\d{1,9}") && Integer.parseInt(step) < list.size() -> list.get(Integer.parseInt(step));
                case null, default -> null;
            };
        }
        return here;
    }

    /** Text or a number as text; empty for anything else and for the empty text. */
    static Optional<String> text(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean
            ? Optional.of(value.toString()).filter(text -> !text.isBlank()) : Optional.empty();
    }

    /** A whole number, also one written as text. */
    static Optional<Long> whole(Object value) {
        return text(value).filter(text -> text.matches("\\d{1,18}")).map(Long::valueOf);
    }

    private static String[] steps(String pointer) {
        if (pointer.isEmpty()) {
            return new String[0];
        }
        String[] steps = pointer.substring(1).split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            steps[i] = steps[i].replace("~1", "/").replace("~0", "~");
        }
        return steps;
    }
}
