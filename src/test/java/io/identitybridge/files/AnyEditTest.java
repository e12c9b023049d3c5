package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is done to a line, the set is read or its faults have a line: nothing else is thrown. Each line gets one of the edits, in turn. */
class AnyEditTest {
    private static final List<UnaryOperator<String>> EDITS = List.of(
            line -> "",
            line -> " " + line,
            line -> line + " x",
            line -> line.replaceFirst("[^\\s:]+$", "[1, {a: b}]"),
            line -> line.replaceFirst(":( .*)?$", ":"),
            line -> line.replaceFirst(": .*", ": {x: [y]}"),
            line -> line.replaceFirst(": .*", ": 7"),
            line -> line.replaceFirst("([a-z]{3})", "zz"));

    /** No part of the kinds of edits, so that in time each line meets each. */
    private static final int EVERY = 3;

    @Test
    @Tag("real")
    void an_edit_is_taken_or_explained() {
        Map<String, String> shipped = Map.copyOf(Shipped.shipped());
        List<String> surprises = new ArrayList<>();
        int first = new Random().nextInt(EVERY);
        System.out.println("every " + EVERY + "th line from " + first);
        shipped.forEach((file, text) -> {
            List<String> lines = text.lines().toList();
            for (int number = first; number < lines.size(); number += EVERY) {
                List<String> edited = new ArrayList<>(lines);
                edited.set(number, EDITS.get((number + first) % EDITS.size()).apply(lines.get(number)));
                surprise(shipped, file, String.join("\n", edited) + "\n", number + 1).ifPresent(surprises::add);
            }
        });
        assertThat(surprises).isEmpty();
    }

    private static Optional<String> surprise(Map<String, String> shipped, String file, String text, int line) {
        Map<String, String> texts = new TreeMap<>(shipped);
        texts.put(file, text);
        try {
            FileReader.read(texts);
            return Optional.empty();
        } catch (FileFaults e) {
            boolean placed = e.faults().stream().allMatch(fault -> fault.line() > 0 && !fault.wrong().isBlank());
            return placed ? Optional.empty() : Optional.of(file + ":" + line + " " + e.faults().stream().map(FileFault::toString).toList());
        } catch (RuntimeException e) {
            return Optional.of(file + ":" + line + " " + e);
        }
    }
}
