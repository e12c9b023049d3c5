package io.identitybridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A setting that a shipped source reads and nobody finds is a pull that stays off. */
class SettingsDocumentedTest {
    private static final Pattern ENV = Pattern.compile("\\benv: ([A-Z0-9_]+)");

    @Test
    void each_setting_of_a_shipped_source_is_in_the_readme_and_reaches_the_container() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            List<String> settings = files.filter(file -> file.toString().endsWith(".source.yaml") && !file.endsWith("lab.source.yaml")).flatMap(file -> ENV.matcher(text(file)).results().map((MatchResult env) -> env.group(1))).toList();
            assertThat(settings).isNotEmpty().allSatisfy(name -> assertThat(text(Path.of("README.md"))).contains("`" + name + "`"))
                    .allSatisfy(name -> assertThat(text(Path.of("docker-compose.yml"))).contains("    " + name + ":"));
        }
    }

    @Test
    void each_setting_of_a_live_portkey_is_too() {
        List<String> settings = Pattern.compile("\"(PORTKEY_[A-Z_]+)\"").matcher(text(Path.of("src/main/java/io/identitybridge/flow/PortkeySettings.java"))).results().map(name -> name.group(1)).toList();
        assertThat(settings).hasSize(4).allSatisfy(name -> assertThat(text(Path.of("README.md"))).contains("`" + name + "`")).allSatisfy(name -> assertThat(text(Path.of("docker-compose.yml"))).contains("    " + name + ":"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
