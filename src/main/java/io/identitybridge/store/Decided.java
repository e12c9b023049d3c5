package io.identitybridge.store;

import io.identitybridge.model.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Who decided something, and when; {@code by} is empty where that is not in the audit, {@code was} where nothing was in its place. */
record Decided(Object value, Optional<Audited> by, List<Reason> reasons, Optional<String> was) {
    /** @param rule file and line of then */
    record Reason(String source, String reason, String role, String rule) {
        Map<String, Object> shown(Map<String, String> groups) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("role", role);
            shown.put("source", source);
            shown.put("reason", reason);
            shown.put("group", groups.get(reason));
            shown.put("rule", rule);
            return shown;
        }

        /** Against another role. */
        Map<String, Object> lost(String held, Map<String, String> groups) {
            Map<String, Object> shown = shown(groups);
            shown.put("why", Role.of(role).flatMap(lower -> Role.of(held).map(lower::compareTo)).filter(order -> order < 0).isPresent() ? "several-roles: the highest held" : "several-roles: the lowest held");
            return shown;
        }
    }

    /** What a field was before, or what another account said of it. */
    record Lost(String value, Optional<String> source, String why) {
        Map<String, Object> shown() {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("value", value);
            shown.put("source", source.orElse(null));
            shown.put("why", why);
            return shown;
        }
    }

    Decided(Object value, Audited by) {
        this(value, Optional.of(by), List.of(), Optional.empty());
    }

    Decided(Object value, Audited by, String was) {
        this(value, Optional.of(by), List.of(), Optional.of(was));
    }

    /** With what lost against it then. */
    Map<String, Object> field(String field) {
        Map<String, Object> shown = shown("field", field);
        shown.put("lost", Stream.concat(was.map(before -> new Lost(before, Optional.empty(), "it was so until then")).stream(), by.stream().flatMap(entry -> entry.words(field).stream())).map(Lost::shown).toList());
        return shown;
    }

    /** A role, with each reason for it and for another one: {@code lost} are those that give another. {@code groups} are what groups are called, by reason. */
    Map<String, Object> role(String workspace, Map<String, String> groups) {
        Map<String, Object> shown = shown("workspace", workspace);
        shown.put("grants", reasons.stream().filter(reason -> reason.role().equals(value)).map(reason -> reason.shown(groups)).toList());
        shown.put("lost", reasons.stream().filter(reason -> !reason.role().equals(value)).map(reason -> reason.lost(value.toString(), groups)).toList());
        return shown;
    }

    private Map<String, Object> shown(String name, String what) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(name, what);
        shown.put("value", value);
        shown.put("at", by.map(entry -> entry.at().toString()).orElse(null));
        shown.put("actor", by.map(Audited::actor).orElse(null));
        shown.put("via", by.map(Audited::via).orElse(null));
        shown.put("source", by.map(Audited::source).orElse(null));
        shown.put("origin", by.map(Audited::origin).orElse(null));
        shown.put("setHash", by.map(Audited::setHash).orElse(null));
        return shown;
    }
}
