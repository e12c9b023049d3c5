package io.identitybridge.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.TestBridge;
import io.identitybridge.sim.Bridges.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pushes as the IdPs' SCIM clients send them; where they keep the bridge's id of something, it is looked up here. */
final class Scim {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Store store;
    private final List<TestBridge> bridges;
    private final Map<String, String> groups = new HashMap<>();

    Scim(Store store, List<TestBridge> bridges) {
        this.store = store;
        this.bridges = bridges;
    }

    void begin() {
        groups.clear();
    }

    Delivery deliver(int bridge, Message message) {
        String source = message.source();
        try {
            return switch (message) {
                case Message.UserWhole m -> user(source, m.user().id()).map(id -> send(bridge, source, "PUT", "/Users/" + id, resource(m.user()))).orElseGet(() -> send(bridge, source, "POST", "/Users", resource(m.user())));
                case Message.UserActive m -> user(source, m.user()).map(id -> send(bridge, source, "PATCH", "/Users/" + id, operation("replace", "active", m.active()))).orElse(Delivery.REFUSED);
                case Message.UserGone m -> user(source, m.user()).map(id -> send(bridge, source, "DELETE", "/Users/" + id, null)).orElse(Delivery.REFUSED);
                case Message.GroupWhole m -> group(source, m.group().id()).map(id -> send(bridge, source, "PUT", "/Groups/" + id, resource(source, m.group()))).orElseGet(() -> create(bridge, source, m.group()));
                case Message.GroupName m -> group(source, m.group()).map(id -> send(bridge, source, "PATCH", "/Groups/" + id, operation("replace", "displayName", m.name()))).orElse(Delivery.REFUSED);
                case Message.GroupGone m -> group(source, m.group()).map(id -> send(bridge, source, "DELETE", "/Groups/" + id, null)).orElse(Delivery.REFUSED);
                case Message.Member m -> group(source, m.group()).flatMap(group -> user(source, m.user()).map(user -> send(bridge, source, "PATCH", "/Groups/" + group,
                        m.in() ? operation("add", "members", List.of(Map.of("value", user))) : operation("remove", "members[value eq \"" + user + "\"]", null)))).orElse(Delivery.REFUSED);
            };
        } catch (java.io.UncheckedIOException cut) {
            return Delivery.FAILED;
        }
    }

    void tellAgain(int bridge, Idp idp) {
        String source = idp.name();
        for (Map<String, Object> group : store.rows("select id::text, display_name, external_id from directory_group where source = ? and gone_at is null and pulled_at is null", source)) {
            idp.pushed(Optional.ofNullable((String) group.get("external_id")), Optional.ofNullable((String) group.get("display_name")))
                    .ifPresentOrElse(there -> send(bridge, source, "PUT", "/Groups/" + group.get("id"), resource(source, there)), () -> send(bridge, source, "DELETE", "/Groups/" + group.get("id"), null));
        }
        boolean proved = store.one("select 1::text from account where source = ? and gone_at is null and pushed_at is not null having count(*) filter (where pulled_at is not null) > count(*) filter (where pulled_at is null)", source).isPresent();
        if (!idp.traits.pointRead() || !proved) {
            store.rows("select id::text, external_id from account where source = ? and gone_at is null and pulled_at is null", source).stream()
                    .filter(user -> !idp.now().users().containsKey((String) user.get("external_id"))).forEach(user -> send(bridge, source, "DELETE", "/Users/" + user.get("id"), null));
        }
    }

    private Optional<String> user(String source, String id) {
        return store.one("select id::text from account where source = ? and external_id = ? and gone_at is null", source, id);
    }

    private Optional<String> group(String source, String id) {
        return store.one("select id::text from directory_group where source = ? and gone_at is null and (external_id = ? or id::text = ?) order by id::text = ? desc", source, id, groups.getOrDefault(source + id, ""), groups.getOrDefault(source + id, ""));
    }

    private Delivery create(int bridge, String source, Idp.Group group) {
        TestBridge.Answer answer = ask(bridge, source, "POST", "/Groups", resource(source, group));
        if (answer.status() == 201) {
            groups.put(source + group.id(), answer.body().get("id").asText());
        }
        return delivery(answer);
    }

    private Delivery send(int bridge, String source, String method, String path, Object body) {
        return delivery(ask(bridge, source, method, path, body));
    }

    private TestBridge.Answer ask(int bridge, String source, String method, String path, Object body) {
        try {
            return bridges.get(bridge).scim(source, method, path, body == null ? "" : JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Delivery delivery(TestBridge.Answer answer) {
        return answer.status() < 300 ? Delivery.TAKEN : answer.status() < 500 && answer.status() != 429 ? Delivery.REFUSED : Delivery.FAILED;
    }

    private static Map<String, Object> operation(String op, String path, Object value) {
        Map<String, Object> operation = new LinkedHashMap<>(Map.of("op", op, "path", path));
        if (value != null) {
            operation.put("value", value);
        }
        return Map.of("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:PatchOp"), "Operations", List.of(operation));
    }

    private static Map<String, Object> resource(Idp.User user) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:User"));
        resource.put("externalId", user.id());
        resource.put("userName", user.email());
        resource.put("displayName", user.name());
        resource.put("active", user.active());
        resource.put("nickName", World.number(user.human()));
        resource.put("emails", List.of(Map.of("value", user.email(), "type", "work", "primary", true)));
        resource.put("roles", List.of(Map.of("value", user.role())));
        return resource;
    }

    private Map<String, Object> resource(String source, Idp.Group group) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:Group"));
        if (World.TRAITS.stream().anyMatch(traits -> traits.name().equals(source) && traits.namesGroups())) {
            resource.put("externalId", group.id());
        }
        resource.put("displayName", group.name());
        List<Map<String, Object>> members = new ArrayList<>();
        group.members().forEach(member -> user(source, member).ifPresent(id -> members.add(Map.of("value", id))));
        resource.put("members", members);
        return resource;
    }
}
