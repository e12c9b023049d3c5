package io.identitybridge.sim;

import io.identitybridge.flow.Active;
import io.identitybridge.flow.Law;
import io.identitybridge.flow.ModelBridges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many worlds, one a seed: the first that goes wrong is told as short as it can be. */
final class Worlds {
    private static final int PEOPLE = 10;
    private static final int EVENTS = 70;
    static final Path FILES = Path.of("src/test/resources/sim");
    private static final Map<ModelBridges.Variant, Active> ACTIVE = new ConcurrentHashMap<>();

    private Worlds() {
    }

    static List<Step> steps(long seed) {
        return Script.of(seed, PEOPLE, EVENTS);
    }

    static ModelBridges model(Set<Law> off) {
        return new ModelBridges(variant -> ACTIVE.computeIfAbsent(variant, v -> ModelBridges.files(texts(v))), off);
    }

    /** The files with what was edited in them. */
    private static Map<String, String> texts(ModelBridges.Variant variant) {
        Map<String, String> texts = texts();
        variant.withoutManagers().forEach(source -> texts.computeIfPresent("mappings/" + source + ".yaml", (name, text) -> text.replace("  - group: pattern", "  - {group: \"ws-{workspace}-role-member\", role: member}\n  - {group: \"ws-{workspace}-role-admin\", role: admin}")));
        if (variant.alphaDecides()) {
            texts.computeIfPresent("mappings/portkey.yaml", (name, text) -> text.replace("authority: []", "authority: [alpha]"));
        }
        return texts;
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (String folder : List.of("routes", "mappings")) {
            try (Stream<Path> files = Files.list(FILES.resolve(folder))) {
                for (Path file : files.toList()) {
                    texts.put(folder + "/" + file.getFileName(), Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }

    /** The first seed that fails, if any, by several threads over the model. */
    static Optional<Long> firstBad(long from, long to, Set<Law> off) {
        AtomicLong next = new AtomicLong(from);
        AtomicReference<Long> bad = new AtomicReference<>();
        Callable<Void> some = () -> {
            ModelBridges model = model(off);
            for (long seed = next.getAndIncrement(); seed < to && bad.get() == null; seed = next.getAndIncrement()) {
                if (Play.of(model, steps(seed)).isPresent()) {
                    long found = seed;
                    bad.accumulateAndGet(found, (one, other) -> one == null ? other : Long.valueOf(Math.min(one, other)));
                }
            }
            return null;
        };
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Void> one : IntStream.range(0, threads).mapToObj(i -> pool.submit(some)).toList()) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a world broke", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Optional.ofNullable(bad.get());
    }

    /** What went wrong with a seed, in sentences, as short as it can be. */
    static String story(long seed, Bridges bridges, List<Step> steps, Duration time) {
        List<Step> left = Shrinker.shrink(steps, fewer -> Play.of(bridges, fewer).isPresent(), time);
        Play.Failure failure = Play.of(bridges, left).or(() -> Play.of(bridges, steps)).orElse(new Play.Failure("it does not fail again", List.of()));
        return "seed " + seed + ": " + failure.wrong() + "\n  " + String.join("\n  ", failure.story());
    }
}
