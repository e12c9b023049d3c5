package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.util.Optional;

/** Runs the tests that stand in source files, over their recorded pages: no network, no waiting. */
public final class SourceTests {
    private SourceTests() {
    }

    /** Empty when the test holds; else what is other than it says. */
    public static Optional<String> run(SourceFile file, SourceFile.Test test) {
        throw new UnsupportedOperationException("next commit");
    }
}
