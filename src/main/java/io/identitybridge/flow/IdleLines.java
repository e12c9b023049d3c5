package io.identitybridge.flow;

import io.identitybridge.files.Tree;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which lines of a mapping or of portkey.yaml can take nothing away from anybody of a source: how people are called, tests, what is said of
 * other sources and of what is not people, comments and blanks.
 */
final class IdleLines {
    private static final List<List<String>> IDLE = List.of(List.of("user", "displayName"), List.of("user", "userName"), List.of("scim", "user", "displayName"), List.of("scim", "user", "userName"), List.of("fixtures"), List.of("tests"), List.of("publish"), List.of("routes"));

    private final BitSet idle = new BitSet();
    private final String source;

    IdleLines(List<String> text, SourceName source) {
        this.source = source.value();
        Tree.read("", String.join("\n", text), fault -> { }).ifPresent(root -> {
            BitSet others = new BitSet();
            mark(root, List.of(), text.size(), others);
            idle.andNot(others);
        });
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                idle.set(i);
            }
        }
    }

    /** Whether so many lines from one on, counted from 0, are all such. */
    boolean all(int from, int size) {
        return idle.nextClearBit(from) >= from + size;
    }

    /** A key reaches to the next one beside it; a line that also has another key counts as that. */
    private void mark(Tree tree, List<String> path, int end, BitSet others) {
        List<Tree.Entry> entries = new ArrayList<>(tree.entries().values());
        List<String> keys = new ArrayList<>(tree.entries().keySet());
        for (int i = 0; i < entries.size(); i++) {
            List<String> here = new ArrayList<>(path);
            here.add(keys.get(i));
            int start = entries.get(i).keyAt().line() - 1;
            int stop = i + 1 < entries.size() ? entries.get(i + 1).keyAt().line() - 1 : end;
            if (IDLE.contains(here) || here.size() == 2 && here.getFirst().equals("sources") && !here.getLast().equals(source)) {
                idle.set(start, Math.max(start, stop));
            } else {
                others.set(start);
                mark(entries.get(i).value(), here, stop, others);
            }
        }
    }
}
