package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the schema of errors.causes.yaml cannot say. */
record CausesChecks(Tree tree, Consumer<FileFault> faults) {
    private static final Duration LONGEST_WINDOW = Duration.ofHours(24);
    /** A key at Portkey is one bridge's for 90 s, in the last 60 of which no call begins: a longer wait holds its slot, and with it whoever leaves, and never comes to a letter. */
    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    void run() {
        List<Tree> rules = tree.get("rules").map(Tree::items).orElse(List.of());
        rules.forEach(this::ranges);
        covered(rules);
        tree.get("reactions").map(Tree::entries).orElse(Map.of()).forEach((name, entry) -> reaction(entry.value()));
        wait(tree.get("leavers"), "at-most");
        wait(tree.get("breaker"), "within");
        wait(tree.get("breaker"), "open");
        wait(tree.get("quarantine"), "within");
        not(tree.get("quarantine"), "share", "0+(\\.0+)?%");
    }

    private void ranges(Tree rule) {
        for (Tree status : rule.get("status").map(Tree::items).orElse(List.of())) {
            status.asText().filter(range -> range.matches("[1-5][0-9]{2}-[1-5][0-9]{2}") && range.substring(0, 3).compareTo(range.substring(4)) > 0)
                    .ifPresent(range -> faults.accept(status.at().fault("'" + range + "' goes from the higher to the lower", "write " + range.substring(4) + "-" + range.substring(0, 3))));
        }
    }

    /** The same conditions a second time never count. */
    private void covered(List<Tree> rules) {
        Map<Object, Where> seen = new LinkedHashMap<>();
        for (Tree rule : rules) {
            if (rule.plain() instanceof Map<?, ?> plain) {
                Map<Object, Object> conditions = new LinkedHashMap<>(plain);
                conditions.remove("is");
                Where before = seen.putIfAbsent(conditions, rule.at());
                if (before != null) {
                    faults.accept(rule.at().fault("the rule in line " + before.line() + " asks for the same and comes first, so this one never counts", "take one of them away"));
                }
            }
        }
    }

    private void reaction(Tree reaction) {
        for (String key : List.of("tries", "schedule")) {
            reaction.get(key).map(Tree::items).orElse(List.of()).forEach(this::positive);
        }
        together(reaction);
        wait(Optional.of(reaction), "every");
        wait(Optional.of(reaction), "until");
        not(Optional.of(reaction), "spread", "100%");
    }

    private void together(Tree reaction) {
        double spread = reaction.get("spread").flatMap(Tree::asText).filter(text -> text.matches("[0-9]{1,2}(\\.[0-9]{1,3})?%")).map(Quantity::share).orElse(0.0);
        List<Tree> tries = reaction.get("tries").map(Tree::items).orElse(List.of());
        double seconds = tries.stream().flatMap(value -> duration(value).stream()).mapToLong(Duration::toSeconds).sum() * (1 + spread);
        if (seconds > AT_ONCE.toSeconds()) {
            faults.accept(tries.getFirst().at().fault("these tries come to " + Math.round(seconds) + " s, and nothing is tried for longer than " + AT_ONCE.toSeconds() + " s at once", "put the longer waits into schedule"));
        }
    }

    /** A spread of all leaves no wait, a quarantine over no failures at all lets nothing through. */
    private void not(Optional<Tree> section, String key, String share) {
        section.flatMap(some -> some.get(key)).filter(value -> value.asText().filter(text -> text.matches(share)).isPresent())
                .ifPresent(value -> faults.accept(value.at().fault(Words.shown(value) + " is no share for this", "write for example 20%")));
    }

    private void wait(Optional<Tree> section, String key) {
        section.flatMap(some -> some.get(key)).ifPresent(value -> {
            positive(value);
            duration(value).filter(some -> key.equals("within") && some.compareTo(LONGEST_WINDOW) > 0)
                    .ifPresent(some -> faults.accept(value.at().fault(Words.shown(value) + " is longer than is looked back", "write at most 24h")));
        });
    }

    private void positive(Tree value) {
        duration(value).filter(Duration::isZero).ifPresent(none -> faults.accept(value.at().fault(Words.shown(value) + " is no wait", "write for example 30s")));
    }

    private static Optional<Duration> duration(Tree value) {
        return value.asText().filter(text -> text.matches("[0-9]{1,6}[smhd]")).map(Quantity::duration);
    }
}
