package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProofTest {
    @Test
    void only_the_reading_engine_makes_a_proof() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<String> makers = sources.filter(path -> path.toString().endsWith(".java")).filter(ProofTest::makesOne).map(path -> path.getFileName().toString()).toList();
            assertThat(makers).containsExactlyInAnyOrder("LdapRun.java", "Run.java");
        }
    }

    private static boolean makesOne(Path path) {
        try {
            return Files.readString(path).contains("new Proof(") || Files.readString(path).contains("Proof::new");
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
