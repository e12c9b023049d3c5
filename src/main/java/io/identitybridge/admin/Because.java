package io.identitybridge.admin;

import io.identitybridge.model.Reasoning;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Explanations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Adds to an explanation whose word each field and role is, what decided it, and what lost against it. */
@Component
class Because {
    private final Reasoning reasoning;
    private final Explanations explanations;

    Because(Reasoning reasoning, Explanations explanations) {
        this.reasoning = reasoning;
        this.explanations = explanations;
    }

    @SuppressWarnings("unchecked")
    static Optional<UUID> person(Map<String, Object> explained) {
        return Optional.ofNullable((Map<String, Object>) explained.get("person")).map(person -> UUID.fromString((String) person.get("id")));
    }

    @SuppressWarnings("unchecked")
    void add(Map<String, Object> explained, UUID person) {
        Reasoning.Reasons reasons = reasoning.of(person);
        explained.put("fields", reasons.fields().stream().map(field -> field(person, field)).toList());
        explained.put("lost", reasons.refused());
        ((List<Map<String, Object>>) explained.get("roles")).forEach(role -> role.put("lost", lost(role, (List<Map<String, Object>>) role.get("grants"), reasons.several())));
    }

    /** Adds the line of each field of the past, as far as the files of then are kept. */
    @SuppressWarnings("unchecked")
    void then(Map<String, Object> past) {
        ((List<Map<String, Object>>) past.get("fields")).stream().filter(field -> field.get("setHash") != null && field.get("source") != null)
                .forEach(field -> field.put("rule", reasoning.then((String) field.get("setHash"), new SourceName((String) field.get("source")), (String) field.get("field"), "push".equals(field.get("via"))).orElse(null)));
    }

    private Map<String, Object> field(UUID person, Reasoning.Because because) {
        Map<String, Object> field = new LinkedHashMap<>();
        field.put("field", because.field());
        field.put("value", because.value());
        field.put("source", because.source().value());
        field.put("account", because.account());
        field.put("via", because.via());
        field.put("told", because.told().map(Object::toString).orElse(null));
        field.put("rule", because.rule().orElse(null));
        field.put("decided", explanations.decided(person, because.field()).orElse(null));
        field.put("lost", because.lost().stream().map(lost -> Map.of("value", lost.value(), "source", lost.source().value(), "via", lost.via(), "why", lost.why())).toList());
        return field;
    }

    /** Reasons that would give another role than the one that holds. */
    private static List<Map<String, Object>> lost(Map<String, Object> role, List<Map<String, Object>> grants, String several) {
        List<Map<String, Object>> lost = new ArrayList<>();
        grants.stream().filter(grant -> !grant.get("role").equals(role.get("role")))
                .forEach(grant -> lost.add(Map.of("value", grant.get("role"), "source", grant.get("source"), "rule", grant.get("rule"), "why", several)));
        return lost;
    }
}
