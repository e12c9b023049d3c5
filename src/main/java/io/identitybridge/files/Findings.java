package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Checks that several kinds of file share. Every check takes any tree, faulty ones too, so that all faults are found at once. */
final class Findings {
    private Findings() {
    }

    /** A name that must be one of some others. */
    static void known(String kind, String name, Where at, Collection<String> known, Consumer<FileFault> faults) {
        if (!known.contains(name)) {
            faults.accept(at.fault("unknown " + kind + " '" + name + "'", DidYouMean.hint(name, known)));
        }
    }

    /** Whether a missing key is there in another spelling: that is a fault already, and what follows from it is none. */
    static boolean misspelt(Tree object, String missing) {
        return object.get(missing).isEmpty() && object.entries().keySet().stream().anyMatch(key -> DidYouMean.of(key, List.of(missing)).isPresent());
    }

    /** Tests are named in reports: no name twice. */
    static void namesOfTests(Tree file, Consumer<FileFault> faults) {
        Map<String, Where> seen = new HashMap<>();
        for (Tree test : Read.of(file.get("tests")).tree().items()) {
            test.get("name").flatMap(Tree::asText).ifPresent(name -> {
                Where before = seen.putIfAbsent(name, test.at());
                if (before != null) {
                    faults.accept(test.at().fault("a second test is called '" + name + "', like that of line " + before.line(), "give each test its own name"));
                }
            });
        }
    }

    /** A limit is a share with a number that is always allowed, or a plain number. */
    static void limits(Tree limits, Consumer<FileFault> faults) {
        limits.entries().forEach((name, entry) -> {
            Map<String, Tree.Entry> limit = entry.value().entries();
            boolean plain = limit.containsKey("at-most") && limit.size() == 1;
            boolean share = limit.containsKey("share") && limit.containsKey("always-allow") && limit.size() == 2;
            if (entry.value() instanceof Tree.Branch && !plain && !share) {
                faults.accept(entry.value().at().fault("a limit is a share and what is always allowed, or at-most alone",
                        "write {share: 5%, always-allow: 5} or {at-most: 20}"));
            }
        });
    }
}
