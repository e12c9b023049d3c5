package io.identitybridge.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a pushed SCIM user by SCIM's own names (RFC 7643 section 4.1), in every form clients send. */
final class Scim {
    /** What of a pushed user or group means something without an expression. */
    static final List<String> OF_USERS = List.of("externalId", "userName", "displayName", "active", "emails", "roles", "name");
    static final List<String> OF_GROUPS = List.of("externalId", "displayName");

    private static final Pattern JSON_VALUE = Pattern.compile("\"value\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private Scim() {
    }

    static Optional<String> text(Map<String, Object> resource, String name) {
        return Optional.ofNullable(resource.get(name)).filter(value -> !(value instanceof Map) && !(value instanceof List)).map(Object::toString).filter(value -> !value.isBlank());
    }

    /** The primary e-mail, else the work one, else the first, else a userName that is one. */
    static Optional<String> email(Map<String, Object> resource) {
        List<Map<?, ?>> emails = objects(resource.get("emails"));
        return Stream.<Stream<Map<?, ?>>>of(emails.stream().filter(email -> truth(email.get("primary"))), emails.stream().filter(email -> "work".equals(email.get("type"))), emails.stream())
                .flatMap(some -> some).flatMap(email -> Optional.ofNullable(email.get("value")).map(Object::toString).filter(value -> value.contains("@")).stream()).findFirst()
                .or(() -> text(resource, "userName").filter(name -> name.indexOf('@') > 0));
    }

    /** displayName, else the formatted name, else given and family name, else userName. */
    static Optional<String> displayName(Map<String, Object> resource) {
        return text(resource, "displayName").or(() -> resource.get("name") instanceof Map<?, ?> name ? name(name) : Optional.empty()).or(() -> text(resource, "userName"));
    }

    private static Optional<String> name(Map<?, ?> name) {
        String joined = Stream.of("givenName", "familyName").map(name::get).filter(part -> part != null && !part.toString().isBlank()).map(Object::toString).reduce((a, b) -> a + " " + b).orElse("");
        return Optional.ofNullable(name.get("formatted")).map(Object::toString).filter(text -> !text.isBlank()).or(() -> Optional.of(joined).filter(text -> !text.isEmpty()));
    }

    /** True unless it says otherwise; clients also send the text {@code "False"}. */
    static boolean active(Map<String, Object> resource) {
        Object active = resource.get("active");
        return active == null || truth(active);
    }

    /** The five forms of PORTKEY's guides: text, texts, objects, one object, and JSON text in a value. */
    static List<String> roles(Object roles) {
        List<String> words = new ArrayList<>();
        switch (roles) {
            case List<?> list -> list.forEach(one -> words.addAll(roles(one)));
            case Map<?, ?> map -> Optional.ofNullable(map.get("value")).ifPresent(value -> words.addAll(roles(value)));
            case String text when text.strip().startsWith("{") -> {
                Matcher value = JSON_VALUE.matcher(text);
                if (value.find()) {
                    words.add(value.group(1));
                }
            }
            case String text when !text.isBlank() -> words.add(text.strip());
            case null, default -> { }
        }
        return words;
    }

    private static boolean truth(Object value) {
        return Boolean.TRUE.equals(value) || value instanceof String text && text.equalsIgnoreCase("true");
    }

    private static List<Map<?, ?>> objects(Object value) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.stream().filter(Map.class::isInstance).forEach(one -> objects.add((Map<?, ?>) one));
        } else if (value instanceof Map<?, ?> one) {
            objects.add(one);
        }
        return objects;
    }
}
