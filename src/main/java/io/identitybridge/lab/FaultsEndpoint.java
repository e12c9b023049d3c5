package io.identitybridge.lab;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /lab/faults} of a stand-in: PUT sets them all, GET shows them, DELETE ends them; nonsense is answered with what is taken, and changes nothing. */
final class FaultsEndpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 65_536;

    private FaultsEndpoint() {
    }

    static void answer(HttpExchange exchange, Faults faults) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "PUT" -> set(exchange, faults);
                case "DELETE" -> faults.set(List.of());
                default -> { }
            }
            send(exchange, 200, faults.all());
        } catch (JacksonException e) {
            refuse(exchange, e.getCause() instanceof IllegalArgumentException why ? why.getMessage()
                    : "the body is a list of faults, as [{\"kind\":\"STATUS_503\",\"path\":\"/users\",\"page\":2,\"times\":1}]; kinds are " + List.of(Faults.Kind.values()));
        } catch (IllegalArgumentException e) {
            refuse(exchange, e.getMessage());
        }
    }

    private static void set(HttpExchange exchange, Faults faults) throws IOException {
        List<Faults.Fault> wanted = Optional.ofNullable(JSON.readValue(exchange.getRequestBody().readNBytes(LARGEST), new TypeReference<List<Faults.Fault>>() { })).orElse(List.of());
        String seed = Call.query(exchange.getRequestURI().getRawQuery()).get("seed");
        if (seed != null) {
            faults.seed(Long.parseLong(seed));
        }
        faults.set(wanted);
    }

    private static void refuse(HttpExchange exchange, String why) throws IOException {
        send(exchange, 400, Map.of("error", why));
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
