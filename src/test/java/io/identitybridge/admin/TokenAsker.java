package io.identitybridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.TestBridge;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** An IdP's client at a bridge's token endpoint. */
final class TokenAsker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestBridge bridge;
    final URI endpoint;

    TokenAsker(TestBridge bridge) {
        this.bridge = bridge;
        this.endpoint = URI.create("http://127.0.0.1:" + bridge.bean(Listeners.class).publicPort() + "/oauth2/token");
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** A client secret of the source: the API's answer. */
    JsonNode secret(String source) {
        return bridge.api("POST", "/sources/" + source + "/tokens", "{\"kind\": \"client-secret\"}").body();
    }

    Answer basic(String client, String secret) {
        return send(basicRequest(client, secret));
    }

    HttpRequest.Builder basicRequest(String client, String secret) {
        String credentials = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return form(Map.of("grant_type", "client_credentials")).header("Authorization", "Basic " + credentials);
    }

    Answer post(String client, String secret) {
        return send(form(Map.of("grant_type", "client_credentials", "client_id", client, "client_secret", secret)));
    }

    HttpRequest.Builder form(Map<String, String> fields) {
        String body = fields.entrySet().stream().map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(endpoint).header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(body));
    }

    /** Sends it again after the time that it is told to wait. */
    Answer send(HttpRequest.Builder request) {
        Answer answer = sendOnce(request);
        while (answer.status() == 429) {
            TestBridge.pause(Integer.parseInt(answer.header("Retry-After")) * 1000);
            answer = sendOnce(request);
        }
        return answer;
    }

    Answer sendOnce(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body().isEmpty() ? "null" : response.body()), response);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What SCIM says to a list of users with this token. */
    Answer scim(String source, String token) {
        return send(HttpRequest.newBuilder(URI.create(bridge.scimBase(source) + "/Users?count=1")).header("Authorization", "Bearer " + token));
    }
}
