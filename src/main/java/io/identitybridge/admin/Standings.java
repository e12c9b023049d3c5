package io.identitybridge.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in words whether a person is provisioned, and if not, every reason that stands in the way. */
final class Standings {
    private Standings() {
    }

    /** {@code provisioned}, and {@code why} in sentences. */
    static Map<String, Object> of(Map<String, Object> explained) {
        List<String> why = new ArrayList<>();
        boolean active = person(explained).map(person -> "active".equals(person.get("status"))).orElse(false);
        if (!active) {
            why.add(person(explained).map(person -> "archived since " + person.get("archivedAt")).orElse("not a member: no account of his has become one yet"));
        }
        person(explained).filter(person -> person.get("revokedAt") != null)
                .ifPresent(person -> why.add("revoked by " + person.get("revokedBy") + " at " + person.get("revokedAt") + ": " + person.get("revokedWhy") + "; 'lift' ends that"));
        List<Map<String, Object>> letters = rows(explained, "letters");
        rows(explained, "accounts").forEach(account -> account(account, letters, active, why));
        letters.forEach(letter -> why.add("dead letter " + letter.get("id") + ": " + letter.get("sentence")));
        rows(explained, "held").forEach(line -> why.add("plan " + line.get("plan") + " holds line " + line.get("n") + " '" + line.get("sentence") + "': " + line.get("reason")));
        if (Boolean.TRUE.equals(explained.get("due"))) {
            why.add("a change of his is being worked on now");
        }
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("provisioned", active);
        said.put("why", why);
        return said;
    }

    private static void account(Map<String, Object> account, List<Map<String, Object>> letters, boolean active, List<String> why) {
        String name = "his account at " + account.get("source") + " ";
        Optional<Object> problem = value(account, "problem");
        problem.ifPresent(what -> why.add(name + "could not be mapped" + letter(account, letters) + ", so what its record says is not taken in: " + what));
        value(account, "goneAt").ifPresent(at -> why.add(name + "is gone since " + at));
        value(account, "missingSince").ifPresent(at -> why.add(name + "is missing from its directory since " + at));
        if (account.get("goneAt") == null) {
            standing(String.valueOf(account.get("standing")), problem.isPresent(), active).map(words -> pushedOff(account) ? "was disabled by a push at " + account.get("pushedAt") + "; only a push or a complete pull makes him active again" : words).ifPresent(words -> why.add(name + words));
        }
    }

    private static String letter(Map<String, Object> account, List<Map<String, Object>> letters) {
        List<String> ids = letters.stream().filter(letter -> account.get("source").equals(letter.get("source"))).map(letter -> String.valueOf(letter.get("id"))).toList();
        return ids.isEmpty() ? "" : " (dead letter " + String.join(", ", ids) + ")";
    }

    private static boolean pushedOff(Map<String, Object> account) {
        return "LEFT".equals(account.get("standing")) && Boolean.TRUE.equals(account.get("pushedOff"));
    }

    /** What a faulty record leaves as it was is no word of the record. */
    private static Optional<String> standing(String standing, boolean faulty, boolean active) {
        return switch (standing) {
            case "LEFT" -> faulty ? Optional.empty() : Optional.of("is disabled there");
            case "OUT_OF_SCOPE" -> Optional.of("is not admitted by its mapping any more");
            case "KEPT" -> faulty ? Optional.empty() : Optional.of("is disabled or out of scope there, and its mapping says keep");
            case "IN_IF_PLACED" -> active ? Optional.empty() : Optional.of("is admitted only with a workspace, and no group or rule gives one");
            default -> Optional.empty();
        };
    }

    private static Optional<Object> value(Map<String, Object> row, String field) {
        return Optional.ofNullable(row.get(field));
    }

    @SuppressWarnings("unchecked")
    private static Optional<Map<String, Object>> person(Map<String, Object> explained) {
        return Optional.ofNullable((Map<String, Object>) explained.get("person"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Map<String, Object> explained, String field) {
        return (List<Map<String, Object>>) explained.get(field);
    }
}
