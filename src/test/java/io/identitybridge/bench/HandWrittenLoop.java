package io.identitybridge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody writes who needs no audit, no outbox, no guard and no proof: fetch a page, parse it, write the same directory and membership
 * rows in batches of one connection; the second time compare hashes and write what differs.
 */
final class HandWrittenLoop {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
    private static final Pattern GROUP = Pattern.compile("ws-(.+)-role-(member|manager|admin)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Connection connection;
    private final String url;
    private final String token;
    private long written;

    HandWrittenLoop(Connection connection, String url, String token) throws SQLException {
        this.connection = connection;
        this.url = url;
        this.token = token;
        connection.setAutoCommit(false);
    }

    /** Reads everything once; gives how many rows it wrote. */
    long run() throws IOException, InterruptedException, SQLException {
        written = 0;
        for (Optional<String> next = Optional.of(url + "/api/v1/users?limit=200"); next.isPresent(); ) {
            next = page(next.get(), this::users);
        }
        List<JsonNode> groups = new ArrayList<>();
        for (Optional<String> next = Optional.of(url + "/api/v1/groups?limit=200"); next.isPresent(); ) {
            next = page(next.get(), page -> page.forEach(groups::add));
        }
        for (JsonNode group : groups) {
            List<String> members = new ArrayList<>();
            for (Optional<String> next = Optional.of(url + "/api/v1/groups/" + group.get("id").asText() + "/users?limit=200"); next.isPresent(); ) {
                next = page(next.get(), page -> page.forEach(user -> members.add(user.get("id").asText())));
            }
            group(group, members);
        }
        return written;
    }

    @FunctionalInterface
    private interface Page {
        void take(JsonNode page) throws SQLException;
    }

    private Optional<String> page(String address, Page page) throws IOException, InterruptedException, SQLException {
        HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(URI.create(address)).header("Authorization", "SSWS " + token).build(), HttpResponse.BodyHandlers.ofByteArray());
        page.take(JSON.readTree(response.body()));
        return response.headers().allValues("Link").stream().map(NEXT::matcher).filter(Matcher::find).map(link -> link.group(1)).findFirst();
    }

    private void users(JsonNode page) throws SQLException {
        List<String> ids = new ArrayList<>();
        page.forEach(user -> ids.add(user.get("id").asText()));
        Map<String, byte[]> known = hashes("select external_id, pulled_hash from account where source = 'lab' and external_id = any(?)", ids);
        try (PreparedStatement account = connection.prepareStatement("insert into account (id, source, external_id, user_name, mapped_name, email, display_name, active, standing, pulled, pulled_hash, pulled_at) values (?, 'lab', ?, ?, ?, ?, ?, ?, 'IN', ?::jsonb, ?, now())");
                PreparedStatement person = connection.prepareStatement("insert into person (id, email, email_folded, user_name, display_name, status) values (?, ?, ?, ?, ?, 'active')");
                PreparedStatement link = connection.prepareStatement("insert into link (account_id, person_id, source, linked_by) values (?, ?, 'lab', 'email')");
                PreparedStatement changed = connection.prepareStatement("update account set display_name = ?, pulled = ?::jsonb, pulled_hash = ?, pulled_at = now() where source = 'lab' and external_id = ?");
                PreparedStatement renamed = connection.prepareStatement("update person set display_name = ?, changed_at = now() where email_folded = ?")) {
            for (JsonNode user : page) {
                byte[] hash = hash(user.toString());
                if (Arrays.equals(known.get(user.get("id").asText()), hash)) {
                    continue;
                }
                JsonNode profile = user.get("profile");
                String email = profile.get("email").asText().toLowerCase(java.util.Locale.ROOT);
                String name = profile.get("firstName").asText() + " " + profile.get("lastName").asText();
                boolean active = !List.of("DEPROVISIONED", "SUSPENDED").contains(user.get("status").asText());
                if (known.containsKey(user.get("id").asText())) {
                    set(changed, name, user.toString(), hash, user.get("id").asText());
                    set(renamed, name, email);
                    continue;
                }
                UUID id = UUID.randomUUID();
                set(account, id, user.get("id").asText(), email, email, email, name, active, user.toString(), hash);
                if (active) {
                    UUID he = UUID.randomUUID();
                    set(person, he, email, email, email, name);
                    set(link, id, he);
                }
            }
            written += sum(account) + sum(person) + sum(link) + sum(changed) + sum(renamed);
        }
        connection.commit();
    }

    private void group(JsonNode group, List<String> members) throws SQLException {
        String name = group.get("profile").get("name").asText();
        byte[] hash = hash(name + String.join(",", members.stream().sorted().toList()));
        if (Arrays.equals(hashes("select external_id, pulled_hash from directory_group where source = 'lab' and external_id = any(?)", List.of(group.get("id").asText())).get(group.get("id").asText()), hash)) {
            return;
        }
        UUID id = UUID.randomUUID();
        one("insert into directory_group (id, source, external_id, display_name, pulled, pulled_hash, pulled_at) values (?, 'lab', ?, ?, ?::jsonb, ?, now())", id, group.get("id").asText(), name, group.toString(), hash);
        written += one("insert into group_member (group_id, account_id) select ?, id from account where source = 'lab' and external_id = any(?)", id, connection.createArrayOf("text", members.toArray()));
        Matcher place = GROUP.matcher(name);
        if (place.matches()) {
            one("insert into workspace (id, name, name_folded, source) select ?, ?, ?, 'lab' where not exists (select 1 from workspace where name_folded = ?)", UUID.randomUUID(), place.group(1), place.group(1).toLowerCase(java.util.Locale.ROOT), place.group(1).toLowerCase(java.util.Locale.ROOT));
            String people = " from group_member m join link l on l.account_id = m.account_id join workspace w on w.name_folded = ? where m.group_id = ?";
            written += one("insert into membership (person_id, workspace_id, role) select l.person_id, w.id, ?" + people + " on conflict (person_id, workspace_id) do update set role = excluded.role", place.group(2), place.group(1).toLowerCase(java.util.Locale.ROOT), id);
            written += one("insert into grants (person_id, workspace_id, source, reason, role, rule) select l.person_id, w.id, 'lab', 'group:' || ?, ?, 'mappings/lab.yaml:23'" + people + " on conflict do nothing", id.toString(), place.group(2), place.group(1).toLowerCase(java.util.Locale.ROOT), id);
        }
        connection.commit();
    }

    private Map<String, byte[]> hashes(String sql, List<String> ids) throws SQLException {
        Map<String, byte[]> known = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    known.put(rows.getString(1), rows.getBytes(2));
                }
            }
        }
        return known;
    }

    private int one(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static long sum(PreparedStatement batch) throws SQLException {
        return batch.executeBatch().length;
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
