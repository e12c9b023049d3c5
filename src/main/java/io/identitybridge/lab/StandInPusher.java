package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stand-in for Okta's SCIM client: looks for each person first, creates who is missing, replaces who is there. Run twice, it changes nothing more. */
public final class StandInPusher {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** @param base the SCIM base URL, as {@code http://127.0.0.1:8080/scim/v2/lab} */
    public StandInPusher(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Pushes newcomers, people who are also pulled, a leaver, and a group of the newcomers. */
    public void push(List<Company.Person> alsoPulled) throws IOException, InterruptedException {
        List<String> members = new ArrayList<>();
        members.add(user("00ulab901", "Grace.Hopper@acme.com", "Grace", "Hopper", true));
        members.add(user("00ulab902", "katherine.johnson@acme.com", "Katherine", "Johnson", true));
        members.add(user("00ulab903", "alan.kay@acme.com", "Alan", "Kay", true));
        for (Company.Person person : alsoPulled) {
            user(person.id(), person.email(), person.firstName(), person.lastName(), true);
        }
        user("00ulab904", "gone.already@acme.com", "Gone", "Already", true);
        user("00ulab904", "gone.already@acme.com", "Gone", "Already", false);
        group("ws-Night Watch-role-member", members);
    }

    /** Changes the title of one pushed person, so that something happens. */
    public void touch(int round) throws IOException, InterruptedException {
        user("00ulab903", "alan.kay@acme.com", "Alan", round % 2 == 0 ? "Kay" : "Curtis Kay", true);
    }

    private String user(String externalId, String userName, String given, String family, boolean active) throws IOException, InterruptedException {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:User"));
        user.put("userName", userName);
        user.put("name", Map.of("givenName", given, "familyName", family));
        user.put("displayName", given + " " + family);
        user.put("emails", List.of(Map.of("primary", true, "value", userName, "type", "work")));
        user.put("externalId", externalId);
        user.put("groups", List.of());
        user.put("active", active);
        return upsert("/Users", "userName", userName, user);
    }

    private void group(String name, List<String> members) throws IOException, InterruptedException {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:Group"));
        group.put("displayName", name);
        group.put("members", members.stream().map(id -> Map.of("value", id)).toList());
        upsert("/Groups", "displayName", name, group);
    }

    private String upsert(String path, String attribute, String value, Map<String, Object> resource) throws IOException, InterruptedException {
        String filter = URLEncoder.encode(attribute + " eq \"" + value + "\"", StandardCharsets.UTF_8);
        JsonNode found = send("GET", path + "?filter=" + filter + "&startIndex=1&count=100", Optional.empty()).path("Resources");
        if (found.isEmpty()) {
            return send("POST", path, Optional.of(resource)).path("id").asText();
        }
        String id = found.get(0).path("id").asText();
        send("PUT", path + "/" + id, Optional.of(resource));
        return id;
    }

    private JsonNode send(String method, String path, Optional<Map<String, Object>> body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20)).header("Authorization", "Bearer " + token)
                .header("Accept", "application/scim+json").header("Content-Type", "application/scim+json; charset=utf-8");
        request.method(method, body.isPresent() ? HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body.get())) : HttpRequest.BodyPublishers.noBody());
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path.replaceFirst("\\?.*", "") + " was answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }
}
