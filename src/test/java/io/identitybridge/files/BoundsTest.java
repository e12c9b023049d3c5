package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.model.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundsTest {
    @TempDir
    private Path directory;

    @Test
    void a_very_deep_file_is_refused_and_not_followed() {
        assertThat(faults("[".repeat(200_000))).contains("more than 32 levels deep");
        assertThat(faults("a: " + "{b: ".repeat(40))).contains("more than 32 levels deep");
    }

    @Test
    void aliases_that_would_grow_are_refused() {
        assertThat(faults("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")).contains("anchor or alias");
    }

    @Test
    void a_very_large_file_is_refused() throws IOException {
        assertThat(faults("#".repeat((1 << 20) + 1))).contains("the file has more than 1 MiB");
        Files.writeString(directory.resolve("x.yaml"), "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> FileReader.texts(directory, directory)).isInstanceOf(FileFaults.class).hasMessageContaining("more than 1 MiB");
    }

    @Test
    void an_empty_file_a_second_document_and_a_huge_number_are_explained() {
        assertThat(faults("# nothing\n")).contains("the file is empty");
        assertThat(faults("a: 1\n---\nb: 2\n")).contains("a second document begins here");
        assertThat(faults("a: 123456789012345678901234567890\n")).contains("put it in quotes: it is an id");
        assertThat(faults("a: \u0001\n")).contains("no YAML");
    }

    @Test
    void bytes_that_are_no_text_are_explained() throws IOException {
        Files.write(directory.resolve("x.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> FileReader.texts(directory, directory)).hasMessageContaining("routes/x.yaml:0:0: the file is not UTF-8 text");
    }

    @Test
    void a_missing_directory_names_its_setting() {
        assertThatThrownBy(() -> FileReader.texts(directory.resolve("none"), directory)).isInstanceOf(FileFaults.class).hasMessageContaining("BRIDGE_ROUTES");
    }

    @Test
    void hidden_and_other_files_are_left_out() throws IOException {
        Files.writeString(directory.resolve(".x.yaml"), "a: 1");
        Files.writeString(directory.resolve("x.yaml~"), "a: 1");
        Files.writeString(directory.resolve("y.yaml"), "a: 1");
        assertThat(FileReader.texts(directory, directory)).containsOnlyKeys("routes/y.yaml", "mappings/y.yaml");
    }

    private static String faults(String text) {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        texts.put("mappings/hostile.yaml", text);
        return String.join("\n", Shipped.faults(texts));
    }
}
