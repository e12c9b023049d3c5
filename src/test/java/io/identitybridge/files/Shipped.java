package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The shipped files, to be spoilt one place at a time. */
final class Shipped {
    private Shipped() {
    }

    static Map<String, String> shipped() {
        return FileReader.texts(Path.of("routes"), Path.of("mappings"));
    }

    /** The faults of the shipped set with one passage of one file written differently. */
    static List<String> faults(String file, String passage, String instead) {
        Map<String, String> texts = new TreeMap<>(shipped());
        String text = texts.get(file);
        if (!text.contains(passage)) {
            throw new IllegalArgumentException(file + " does not hold: " + passage);
        }
        texts.put(file, text.replace(passage, instead));
        return faults(texts);
    }

    /** All faults of a set; none when it is whole. */
    static List<String> faults(Map<String, String> texts) {
        try {
            FileReader.read(texts);
            return List.of();
        } catch (FileFaults e) {
            return e.faults().stream().map(FileFault::toString).toList();
        }
    }

    /** The line of the shipped file that holds a passage, from 1. */
    static int line(String file, String passage) {
        String before = shipped().get(file).split(Pattern.quote(passage), 2)[0];
        return (int) before.chars().filter(c -> c == '\n').count() + 1;
    }
}
