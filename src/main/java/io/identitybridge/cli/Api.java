package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A client of a running bridge's API: at BRIDGE_URL (default: where BRIDGE_ADMIN_ADDRESS and BRIDGE_ADMIN_PORT put it, http://localhost:8081), with the admin token. */
final class Api {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 500;
    /** Addresses at which the bridge is reached as localhost. */
    private static final Set<String> HERE = Set.of("", "127.0.0.1", "0.0.0.0", "::", "::1", "localhost");

    private final URI base;
    private final String token;
    private final UnaryOperator<JsonNode> shown;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private Api(URI base, String token, UnaryOperator<JsonNode> shown) {
        this.base = base;
        this.token = token;
        this.shown = shown;
    }

    /** @param shown what becomes of each answer before anybody sees it */
    static Api of(Map<String, String> environment, UnaryOperator<JsonNode> shown) {
        return new Api(base(url(environment)), token(environment), shown);
    }

    private static String url(Map<String, String> environment) {
        String given = environment.getOrDefault("BRIDGE_URL", "").strip();
        if (!given.isEmpty()) {
            return given;
        }
        String address = environment.getOrDefault("BRIDGE_ADMIN_ADDRESS", "").strip();
        String port = environment.getOrDefault("BRIDGE_ADMIN_PORT", "").strip();
        return "http://" + (HERE.contains(address) ? "localhost" : address.contains(":") ? "[" + address + "]" : address) + ":" + (port.isEmpty() ? "8081" : port);
    }

    private static URI base(String text) {
        try {
            URI base = URI.create(text.replaceAll("/+$", ""));
            if (base.getHost() != null && ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            throw CliFault.use("BRIDGE_URL is no address: '" + text + "'; it looks like http://localhost:8081");
        }
        throw CliFault.use("BRIDGE_URL is no address: '" + text + "'; it looks like http://localhost:8081");
    }

    private static String token(Map<String, String> environment) {
        String given = environment.getOrDefault("BRIDGE_ADMIN_TOKEN", "").strip();
        if (!given.isEmpty()) {
            return given;
        }
        Path file = Path.of(environment.getOrDefault("BRIDGE_DATA", "data"), "admin-token");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw CliFault.use("no admin token: " + file + (Files.exists(file) ? " cannot be read" : " is not there")
                    + ". Start the bridge once ('bridge serve'), or set BRIDGE_DATA to its data directory, or BRIDGE_ADMIN_TOKEN");
        }
    }

    JsonNode get(String path, Map<String, String> query) {
        StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
        new TreeMap<>(query).forEach((name, value) -> text.add(name + "=" + encoded(value)));
        return send(request(path + text).GET().build());
    }

    JsonNode get(String path) {
        return get(path, Map.of());
    }

    /** A list of at most that many items, over as many pages as it takes. */
    JsonNode list(String path, Map<String, String> query, int most) {
        Map<String, String> asked = new TreeMap<>(query);
        asked.put("limit", String.valueOf(Math.min(most, MOST)));
        ObjectNode list = (ObjectNode) get(path, asked);
        ArrayNode items = (ArrayNode) list.get("items");
        while (items.size() < most && list.get("next").isTextual()) {
            asked.put("cursor", list.get("next").asText());
            asked.put("limit", String.valueOf(Math.min(most - items.size(), MOST)));
            JsonNode page = get(path, asked);
            items.addAll((ArrayNode) page.get("items"));
            list.set("next", page.get("next"));
        }
        return list;
    }

    JsonNode post(String path, Map<String, ?> body) {
        return send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(JSON.valueToTree(body).toString())).build());
    }

    void delete(String path) {
        send(request(path).DELETE().build());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + "/api" + path)).timeout(Duration.ofMinutes(5)).header("Authorization", "Bearer " + token).header("Accept", "application/json, application/problem+json");
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw fault(answer);
            }
            return answer.body().isEmpty() ? JSON.createObjectNode() : shown.apply(JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw CliFault.use("no bridge answers at " + base + ". Start one with 'bridge serve', or set BRIDGE_URL to the admin address of one that runs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliFault.refused("interrupted");
        }
    }

    private CliFault fault(HttpResponse<String> answer) {
        if (answer.statusCode() == 401) {
            return CliFault.use("the bridge at " + base + " does not know this admin token; it is in its data directory (BRIDGE_DATA) or in its BRIDGE_ADMIN_TOKEN");
        }
        String detail = detail(answer.body());
        boolean use = answer.statusCode() == 400 || answer.statusCode() == 404;
        return use ? CliFault.use(detail) : CliFault.refused(detail);
    }

    private String detail(String body) {
        try {
            JsonNode problem = Visible.tree(JSON.readTree(body));
            StringBuilder text = new StringBuilder(problem.path("detail").asText("the bridge at " + base + " gave no reason"));
            problem.path("faults").forEach(fault -> text.append("\n  ").append(fault.path("file").asText()).append(':').append(fault.path("line").asInt())
                    .append(':').append(fault.path("column").asInt()).append(": ").append(fault.path("wrong").asText()).append("; ").append(fault.path("todo").asText()));
            return text.toString();
        } catch (IOException e) {
            return "what answers at " + base + " is no bridge's admin address";
        }
    }
}
