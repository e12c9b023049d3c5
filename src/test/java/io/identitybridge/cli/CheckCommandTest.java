package io.identitybridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    @TempDir
    Path here;
    Map<String, String> environment;

    @BeforeEach
    void copyTheShippedFiles() throws IOException {
        for (String directory : new String[] {"routes", "mappings"}) {
            Path to = Files.createDirectory(here.resolve(directory));
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
        environment = Map.of("BRIDGE_ROUTES", here.resolve("routes").toString(), "BRIDGE_MAPPINGS", here.resolve("mappings").toString());
    }

    @Test
    void the_shipped_files_have_no_fault() {
        CliTest.Said said = CliTest.run(environment, "check");
        assertThat(said.out()).isEqualTo("no fault" + System.lineSeparator());
        assertThat(said.exit()).isZero();
    }

    @Test
    void a_fault_is_told_with_file_line_and_column_and_is_a_finding() throws IOException {
        misspell(here.resolve("mappings/okta.yaml"));
        CliTest.Said said = CliTest.run(environment, "check");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out()).containsPattern("mappings/okta.yaml:\\d+:\\d+: .*'usre'.*; .*'user'");
        assertThat(CliTest.run(environment, "check", "--json").json().get("faults").get(0).get("file").asText()).isEqualTo("mappings/okta.yaml");
    }

    @Test
    void a_draft_from_anywhere_stands_in_for_the_file_of_its_name() throws IOException {
        Path draft = Files.copy(here.resolve("mappings/okta.yaml"), here.resolve("okta.yaml"));
        assertThat(CliTest.run(environment, "check", draft.toString()).exit()).isZero();
        misspell(draft);
        CliTest.Said said = CliTest.run(environment, "check", draft.toString());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out()).contains(draft + ":");
    }

    @Test
    void faults_of_other_files_are_left_out_where_one_is_named() throws IOException {
        misspell(here.resolve("mappings/okta.yaml"));
        Path other = here.resolve("mappings/entra.yaml");
        misspell(other);
        CliTest.Said said = CliTest.run(environment, "check", other.toString());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out()).contains("entra.yaml").doesNotContain("okta.yaml");
    }

    @Test
    void a_file_that_is_none_of_a_set_is_wrong_use() throws IOException {
        Path readme = Files.writeString(here.resolve("README.md"), "# Read me");
        CliTest.Said said = CliTest.run(environment, "check", readme.toString());
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("README.md is no file that the bridge reads");
    }

    @Test
    void a_file_or_directory_that_is_not_there_is_told() {
        assertThat(CliTest.run(environment, "check", "nosuch.yaml").exit()).isEqualTo(2);
        CliTest.Said said = CliTest.run(Map.of("BRIDGE_ROUTES", "nosuch", "BRIDGE_MAPPINGS", "nosuch"), "check");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out()).contains("BRIDGE_ROUTES");
    }

    private static void misspell(Path file) throws IOException {
        Files.writeString(file, Files.readString(file).replaceFirst("(?m)^user:", "usre:"));
    }
}
