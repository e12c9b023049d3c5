package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.List;

/** Looks at a whole parsed set before it may become the active one: compiles it, runs the tests in it, lints its routes. */
@FunctionalInterface
public interface FileCheck {
    /** Everything that is wrong; empty when the set may be activated. */
    List<FileFault> run(FileSet set);
}
