package io.identitybridge.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each source took away and gave to admins within 24 hours without anybody's word, counted from outside, against the limits of portkey.yaml. */
final class Counts {
    private static final Duration WINDOW = Duration.ofHours(24).minusMinutes(1);

    private record Counted(Instant at, String source, String kind, String workspace, int n) {
    }

    private static final List<String> RANK = List.of("member", "manager", "admin", "owner");
    private final List<Counted> all = new ArrayList<>();

    void add(String source, View before, View now, Instant at) {
        all.removeIf(counted -> counted.at().isBefore(at.minus(WINDOW)));
        int archived = (int) before.roles().keySet().stream().filter(person -> !now.roles().containsKey(person)).count();
        Map<String, Integer> left = new HashMap<>();
        before.placed().keySet().stream().filter(place -> !now.placed().containsKey(place) && now.roles().containsKey(place.split(" ")[0])).forEach(place -> left.merge(place.split(" ")[1], 1, Integer::sum));
        int removed = left.values().stream().mapToInt(n -> n).sum();
        int raised = (int) now.placed().entrySet().stream().filter(place -> place.getValue().equals("admin") && !"admin".equals(before.placed().get(place.getKey()))).count()
                + (int) turned(before.roles(), now.roles(), 1);
        int lowered = (int) (turned(before.roles(), now.roles(), -1) + turned(before.placed(), now.placed(), -1));
        int created = (int) now.roles().keySet().stream().filter(person -> !before.roles().containsKey(person)).count();
        at_most(source, "archive", archived, Math.max(3, (before.roles().size() + 5) / 10), at);
        at_most(source, "remove", removed, Math.max(6, (before.placed().size() + 10) / 10), at);
        at_most(source, "raise", raised, 5, at);
        at_most(source, "lower", lowered, Math.max(3, (before.placed().size() + 10) / 10), at);
        at_most(source, "create", created, Math.max(4, (before.roles().size() + 5) / 2), at);
        left.forEach((workspace, n) -> {
            int gone = all.stream().filter(counted -> counted.source().equals(source) && counted.workspace().equals(workspace)).mapToInt(Counted::n).sum();
            long size = before.placed().keySet().stream().filter(place -> place.endsWith(" " + workspace)).count() + gone;
            if (size > 5 && gone + n > 0.5 * size) {
                throw new Judge.Wrong(source + " took " + (gone + n) + " of " + size + " people out of " + before.workspaces().get(workspace) + " within 24 hours");
            }
            all.add(new Counted(at, source, "leave", workspace, n));
        });
    }

    private static long turned(Map<String, String> before, Map<String, String> now, int which) {
        return now.entrySet().stream().filter(role -> before.containsKey(role.getKey()) && Integer.signum(RANK.indexOf(role.getValue()) - RANK.indexOf(before.get(role.getKey()))) == which).count();
    }

    private void at_most(String source, String kind, int n, int most, Instant at) {
        all.add(new Counted(at, source, kind, "", n));
        int sum = all.stream().filter(counted -> counted.source().equals(source) && counted.kind().equals(kind)).mapToInt(Counted::n).sum();
        if (n > 0 && sum > most) {
            throw new Judge.Wrong(source + ": " + sum + " of kind " + kind + " within 24 hours, at most " + most);
        }
    }
}
