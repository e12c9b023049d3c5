package io.identitybridge.lab;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A question as the stand-in reads it.
 *
 * @param path below the API's base, as {@code /admin/users}
 * @param text the body as it came, "" if none
 */
record Call(String method, String path, Map<String, String> query, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 8 << 20;

    static Call of(HttpExchange exchange, String path) throws IOException {
        String text = new String(exchange.getRequestBody().readNBytes(LARGEST), StandardCharsets.UTF_8);
        return new Call(exchange.getRequestMethod(), path, query(exchange.getRequestURI().getRawQuery()), text);
    }

    static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : Optional.ofNullable(raw).orElse("").split("&")) {
            int is = pair.indexOf('=');
            if (is > 0) {
                query.put(URLDecoder.decode(pair.substring(0, is), StandardCharsets.UTF_8), URLDecoder.decode(pair.substring(is + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    boolean isRead() {
        return method.equals("GET");
    }

    List<String> parts() {
        return List.of(path.substring(1).split("/"));
    }

    /** A query parameter, "" if it is not there. */
    String asked(String name) {
        return query.getOrDefault(name, "");
    }

    /** A query parameter that is a number, else 400. */
    int number(String name, int otherwise) {
        try {
            return query.containsKey(name) ? Integer.parseInt(query.get(name)) : otherwise;
        } catch (NumberFormatException e) {
            throw Refusal.invalid(name + " must be a number");
        }
    }

    /** The body as JSON; a missing node if there is none, and 400 if it is not an object. */
    JsonNode body() {
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode body = JSON.readTree(text);
            if (!body.isObject()) {
                throw Refusal.invalid("the body must be an object");
            }
            return body;
        } catch (JacksonException e) {
            throw Refusal.invalid("the body is no JSON");
        }
    }

    /** A text of the body, else 400. */
    String text(String name) {
        JsonNode value = body().path(name);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw Refusal.invalid("\"" + name + "\" is required");
        }
        return value.asText();
    }

    /** One of some words, at a place of the body, else 400. */
    static String oneOf(JsonNode value, List<String> words, String name) {
        if (!value.isTextual() || !words.contains(value.asText())) {
            throw Refusal.invalid("\"" + name + "\" must be one of " + words);
        }
        return value.asText();
    }

    /** Which page of a list is asked for, counted from 1, in whichever of the four ways; the first if that is no number. */
    int pageOrFirst() {
        try {
            return page();
        } catch (Refusal e) {
            return 1;
        }
    }

    private int page() {
        for (String name : List.of("currentPage", "current_page", "page")) {
            if (query.containsKey(name)) {
                return number(name, 0) + 1;
            }
        }
        return (number("startIndex", 1) - 1) / Math.max(1, number("count", 100)) + 1;
    }
}
