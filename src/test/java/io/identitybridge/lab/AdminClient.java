package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks a Portkey as plainly as curl does: for tests of the stand-in, not of the bridge. */
final class AdminClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String header;
    private final String value;

    private AdminClient(String base, String header, String value) {
        this.base = base;
        this.header = header;
        this.value = value;
    }

    static AdminClient admin(String base) {
        return new AdminClient(base, "x-portkey-api-key", StandInPortkey.ADMIN_KEY);
    }

    static AdminClient scim(String base) {
        return new AdminClient(base, "Authorization", "Bearer " + StandInPortkey.SCIM_TOKEN);
    }

    static AdminClient with(String base, String header, String value) {
        return new AdminClient(base, header, value);
    }

    /** {@code json} may have ' for "; "" is no body. */
    HttpResponse<String> send(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).header(header, value);
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", header.equals("Authorization") ? "application/scim+json" : "application/json").method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return json(get(path));
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return answer.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(answer.body());
    }

    /** The status and, of an error, Portkey's code: {@code 409 AB07}. */
    String said(String method, String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, json);
        String code = answer.headers().firstValue("Content-Type").orElse("").contains("json") ? json(answer).at("/data/errorCode").asText() : "";
        return (answer.statusCode() + " " + code).strip();
    }

    @Override
    public void close() {
        http.close();
    }
}
