package io.identitybridge.scim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the reader had to put right in one request; each thing once, at most 20. */
final class Repairs {
    private static final int MOST = 20;
    private final Set<String> done = new LinkedHashSet<>();
    private boolean letsGo;

    void did(String what) {
        if (done.size() < MOST) {
            done.add(what);
        }
    }

    /** The request disables its person: nothing that is only kept may hold that up. */
    void letGo() {
        letsGo = true;
    }

    boolean letsGo() {
        return letsGo;
    }

    List<String> all() {
        return List.copyOf(done);
    }
}
