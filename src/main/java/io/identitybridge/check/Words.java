package io.identitybridge.check;

import io.identitybridge.files.Tree;
import io.identitybridge.files.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a word in a file: a key of that name first, then a value that holds it. */
final class Words {
    private Words() {
    }

    /** @param lines of the same file, for the column of a word within a value */
    static Optional<Where> in(Tree tree, String word, List<String> lines) {
        return key(tree, word).findFirst().or(() -> value(tree, word).findFirst().map(at -> within(at, word, lines)));
    }

    private static Stream<Where> key(Tree tree, String word) {
        Stream<Where> here = Stream.ofNullable(tree.entries().get(word)).map(Tree.Entry::keyAt);
        return Stream.concat(here, below(tree).flatMap(part -> key(part, word)));
    }

    private static Stream<Where> value(Tree tree, String word) {
        Stream<Where> here = tree instanceof Tree.Leaf leaf && leaf.text().contains(word) ? Stream.of(leaf.at()) : Stream.empty();
        return Stream.concat(here, below(tree).flatMap(part -> value(part, word)));
    }

    private static Stream<Tree> below(Tree tree) {
        return Stream.concat(tree.items().stream(), tree.entries().values().stream().map(Tree.Entry::value));
    }

    /** The word itself where it stands in one piece on the value's first line, else where the value begins. */
    private static Where within(Where at, String word, List<String> lines) {
        String line = at.line() >= 1 && at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        int found = line.indexOf(word, Math.min(Math.max(at.column() - 1, 0), line.length()));
        return found < 0 ? at : new Where(at.file(), at.line(), found + 1);
    }
}
