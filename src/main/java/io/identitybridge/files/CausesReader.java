package io.identitybridge.files;

import io.identitybridge.model.Breaker;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Causes.Outcome;
import io.identitybridge.model.Causes.Statuses;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Quarantine;
import io.identitybridge.model.Reaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the causes of an {@code errors.causes.yaml} without faults. What it leaves out is as in the shipped file, which is also what holds without one. */
public final class CausesReader {
    private static final Duration LEAVERS = Duration.ofMinutes(15);
    /** What the shipped file says. */
    public static final Causes SHIPPED = shipped();

    private CausesReader() {
    }

    static Causes read(Tree tree) {
        Read read = new Read(tree);
        Duration leavers = read.in("leavers").duration("at-most").orElse(LEAVERS);
        Map<Cause, Reaction> reactions = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            Optional<Tree> written = tree.get("reactions").flatMap(all -> all.get(name(cause)));
            reactions.put(cause, written.map(one -> reaction(new Read(one), leavers)).orElseGet(() -> capped(SHIPPED.reaction(cause), leavers)));
        }
        return new Causes(read.each("rules").stream().map(CausesReader::rule).toList(), reactions,
                tree.get("breaker").map(Read::new).map(CausesReader::breaker).orElseGet(() -> SHIPPED.breaker()),
                tree.get("quarantine").map(Read::new).map(CausesReader::quarantine).orElseGet(() -> SHIPPED.quarantine()),
                read.number("replays").orElseGet(() -> SHIPPED.replays()));
    }

    private static Causes shipped() {
        try (InputStream in = CausesReader.class.getResourceAsStream("/errors.causes.yaml")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return read(Tree.read("routes/errors.causes.yaml", text, fault -> {
                throw new IllegalStateException("the shipped causes: " + fault);
            }).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Causes.Rule rule(Read rule) {
        return new Causes.Rule(rule.maybe("where").map(word -> List.of(word(Failure.Where.class, word))).orElse(List.of()),
                rule.texts("call").orElse(List.of()).stream().map(word -> word(Failure.Call.class, word)).toList(),
                rule.tree().get("status").map(Tree::items).orElse(List.of()).stream().map(CausesReader::statuses).toList(),
                rule.texts("code").orElse(List.of()), rule.texts("says").orElse(List.of()), rule.texts("exception").orElse(List.of()),
                rule.flag("departed", false), outcome(rule.text("is")), rule.at().line());
    }

    private static Outcome outcome(String word) {
        return switch (word) {
            case "gone" -> new Outcome.Gone();
            case "exists" -> new Outcome.Exists();
            default -> new Outcome.Failed(word(Cause.class, word));
        };
    }

    private static Statuses statuses(Tree status) {
        if (status.plain() instanceof Long one) {
            return new Statuses(one.intValue(), one.intValue());
        }
        String[] ends = status.asText().orElseThrow().split("-");
        return new Statuses(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    private static Reaction reaction(Read read, Duration leavers) {
        Set<Reaction.Changed> when = new LinkedHashSet<>();
        read.texts("retry-when").ifPresent(words -> words.forEach(word -> when.add(word(Reaction.Changed.class, word))));
        return new Reaction(durations(read, "tries"), read.maybe("spread").map(Quantity::share).orElse(0.0), durations(read, "schedule"), read.duration("every"), read.duration("until"),
                Optional.of(leavers), read.has("stops"), when, read.flag("counts", true));
    }

    private static Reaction capped(Reaction some, Duration leavers) {
        return new Reaction(some.tries(), some.spread(), some.schedule(), some.every(), some.until(), Optional.of(leavers), some.stopsConnection(), some.retryWhen(), some.counts());
    }

    private static Breaker breaker(Read read) {
        return new Breaker(read.number("failures").orElseThrow(), read.duration("within").orElseThrow(), read.duration("open").orElseThrow());
    }

    private static Quarantine quarantine(Read read) {
        return new Quarantine(Quantity.share(read.text("share")), read.number("at-least").orElseThrow(), read.duration("within").orElseThrow());
    }

    private static List<Duration> durations(Read read, String key) {
        return read.texts(key).orElse(List.of()).stream().map(Quantity::duration).toList();
    }

    /** {@code target-poison}, as the file writes it. */
    static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E word(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
