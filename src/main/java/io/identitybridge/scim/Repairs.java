package io.identitybridge.scim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the reader had to put right in one request; each thing once, at most 20. */
final class Repairs {
    private static final int MOST = 20;
    private final Set<String> done = new LinkedHashSet<>();

    void did(String what) {
        if (done.size() < MOST) {
            done.add(what);
        }
    }

    List<String> all() {
        return List.copyOf(done);
    }
}
