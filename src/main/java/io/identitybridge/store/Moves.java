package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.List;

/** One look for workspaces that are to be renamed. */
record Moves(SourceName source, Rules rules) {
    /** What must be the same for two of them to go together. */
    Object kind() {
        return List.of(source, rules.setHash());
    }
}
