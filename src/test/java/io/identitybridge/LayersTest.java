package io.identitybridge;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may import whom: the table in src/docs/architecture.md, held against the imports and every class named in full. All faults at once. */
class LayersTest {
    private static final Path SOURCES = Path.of("src/main/java/io/identitybridge");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+)", Pattern.MULTILINE);
    /** A class by its whole name in the middle of the code, or in a comment's link. */
    private static final Pattern WHOLE_NAME = Pattern.compile("(?<![\\w.])((?:[a-z][a-z0-9]*\\.){2,}[A-Z]\\w*)");
    private static final String OURS = "io.identitybridge.";
    private static final int LONGEST = 400;

    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("model", Set.of()),
            entry("files", Set.of("model")),
            entry("source", Set.of("model", "files", "store")),
            entry("scim", Set.of("model", "store")),
            entry("mapping", Set.of("model", "files")),
            entry("plan", Set.of("model")),
            entry("store", Set.of("model", "plan")),
            entry("publish", Set.of("model", "store")),
            entry("deadletter", Set.of("model", "store")),
            entry("flow", Set.of("model", "files", "source", "scim", "mapping", "plan", "store", "publish", "deadletter")),
            entry("check", Set.of("model", "files", "source", "mapping", "plan")),
            entry("admin", Set.of("model", "plan", "store", "deadletter", "check")),
            entry("cli", Set.of("model", "check", "admin")),
            entry("lab", Set.of("model")));

    /** Packages that have only these beside the JDK; the others may use what the table's frameworks need. */
    private static final Map<String, List<String>> ONLY_LIBRARIES = Map.of(
            "model", List.of(),
            "plan", List.of(),
            "mapping", List.of("dev.cel.", "com.google."),
            "files", List.of("com.fasterxml.jackson.", "com.networknt.", "org.snakeyaml."));

    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "org.apache.camel.", Set.of("source", "publish", "flow", "check"),
            "org.springframework.jdbc.", Set.of("store", "flow"),
            "java.sql.", Set.of("store", "flow"),
            "com.unboundid.", Set.of("source"),
            "dev.cel.", Set.of("mapping"));

    @Test
    void each_package_knows_only_what_the_table_allows() {
        List<String> faults = new ArrayList<>();
        for (Path file : files()) {
            known(file).forEach(name -> fault(step(file), name).ifPresent(why -> faults.add(file + ": knows " + name + ": " + why)));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void a_class_named_in_full_is_known_as_well_as_an_imported_one() {
        assertThat(WHOLE_NAME.matcher("var all = new java.util.ArrayList<io.identitybridge.store.Ledger>(); // record.profile.login").results().map(found -> found.group(1)))
                .containsExactly("java.util.ArrayList", "io.identitybridge.store.Ledger");
    }

    @Test
    void each_package_says_in_a_sentence_what_it_is() {
        assertThat(files().stream().map(Path::getParent).distinct().filter(folder -> !Files.exists(folder.resolve("package-info.java")))).isEmpty();
        assertThat(files().stream().map(LayersTest::step).filter(step -> !step.isEmpty())).as("packages of the table").containsOnlyElementsOf(MAY_IMPORT.keySet());
    }

    @Test
    void no_file_is_longer_than_can_be_read_at_a_sitting() {
        assertThat(files().stream().filter(file -> text(file).lines().count() > LONGEST)).isEmpty();
    }

    private static Optional<String> fault(String step, String name) {
        if (step.isEmpty()) {
            return Optional.empty(); // the application class, which starts the rest
        }
        if (name.startsWith(OURS)) {
            String other = name.substring(OURS.length()).split("\\.")[0];
            return other.equals(step) || MAY_IMPORT.getOrDefault(step, Set.of()).contains(other)
                    ? Optional.empty() : Optional.of(step + " may not know " + other);
        }
        for (Map.Entry<String, Set<String>> rule : ONLY_IN.entrySet()) {
            if (name.startsWith(rule.getKey()) && !rule.getValue().contains(step)) {
                return Optional.of("only for " + rule.getValue());
            }
        }
        List<String> libraries = ONLY_LIBRARIES.get(step);
        if (libraries != null && !name.startsWith("java.") && libraries.stream().noneMatch(name::startsWith)) {
            return Optional.of(step + " has the JDK" + (libraries.isEmpty() ? "" : " and " + libraries) + " only");
        }
        return Optional.empty();
    }

    private static String step(Path file) {
        Path below = SOURCES.relativize(file);
        return below.getNameCount() == 1 ? "" : below.getName(0).toString();
    }

    private static List<String> known(Path file) {
        return Stream.of(IMPORT, WHOLE_NAME).flatMap(pattern -> pattern.matcher(text(file)).results()).map(found -> found.group(1)).distinct().toList();
    }

    private static List<Path> files() {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all.filter(path -> path.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
