package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shipped files with one slip of the pen, and what the check says of it. */
final class Slips {
    static final Map<String, String> SHIPPED = FileReader.texts(Path.of("routes"), Path.of("mappings"));

    private Slips() {
    }

    /** One slip is one fault, at the place of that token: the first from the slip on. */
    static void told(String file, String passage, String instead, String token, String message) {
        Map<String, String> edited = edit(SHIPPED, file, passage, instead);
        told(file, edited, edited.get(file).indexOf(token, SHIPPED.get(file).indexOf(passage)), message);
    }

    /** Likewise, where the fault is told at the last such token before the slip. */
    static void toldBefore(String file, String passage, String instead, String token, String message) {
        Map<String, String> edited = edit(SHIPPED, file, passage, instead);
        told(file, edited, edited.get(file).lastIndexOf(token, SHIPPED.get(file).indexOf(passage)), message);
    }

    static void told(String file, Map<String, String> edited, int at, String message) {
        List<String> faults = faults(edited);
        assertThat(faults).as("one slip, one fault").hasSize(1);
        assertThat(faults.getFirst()).startsWith(file + ":" + place(edited.get(file), at) + ": ").contains(message);
    }

    static String place(String text, int at) {
        String before = text.substring(0, at);
        return (before.chars().filter(c -> c == '\n').count() + 1) + ":" + (at - before.lastIndexOf('\n'));
    }

    static List<String> edited(String file, String... pairs) {
        String text = SHIPPED.get(file);
        String mark = "@@@@";
        text = text.replace(pairs[0], mark).replace(pairs[2], pairs[3]).replace(mark, pairs[1]);
        Map<String, String> texts = new TreeMap<>(SHIPPED);
        texts.put(file, text);
        return faults(texts);
    }

    static Map<String, String> edit(Map<String, String> texts, String file, String passage, String instead) {
        if (!texts.get(file).contains(passage)) {
            throw new IllegalArgumentException(file + " does not hold: " + passage);
        }
        Map<String, String> edited = new TreeMap<>(texts);
        edited.put(file, texts.get(file).replace(passage, instead));
        return edited;
    }

    static List<String> faults(Map<String, String> texts) {
        try {
            return new Check().run(FileReader.read(texts)).stream().map(FileFault::toString).toList();
        } catch (FileFaults wrong) {
            return wrong.faults().stream().map(FileFault::toString).toList();
        }
    }
}
