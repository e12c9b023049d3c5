package io.identitybridge.lab;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Faults on request. By HTTP on the stand-in itself: {@code PUT /lab/faults} with
 * {@code [{"kind": "STATUS_503", "path": "/users", "page": 3, "times": 0, "millis": 0}]} sets them all, {@code GET} shows them, {@code DELETE} ends them.
 */
public final class Faults {
    /** What goes wrong. */
    public enum Kind {
        /** The server says 503. */
        STATUS_503,
        /** The connection is cut in the middle of the body. */
        CUT,
        /** Half the page is missing, and it still leads on. */
        SHORT,
        /** The page leads to itself. */
        REPEATED,
        /** The page takes so many milliseconds. */
        SLOW,
        /** The page is empty and the last. */
        EMPTY
    }

    /**
     * One fault.
     *
     * @param path  the path below {@code /api/v1}, as {@code /users} or {@code /groups/00g00000001/users}
     * @param page  from 1; 0 means every page
     * @param times how often it happens; 0 means for good
     */
    public record Fault(Kind kind, String path, int page, int times, int millis) {
        public Fault {
            if (kind == null || path == null || !path.startsWith("/")) {
                throw new IllegalArgumentException("a fault has a kind, one of " + List.of(Kind.values()) + ", and a path that begins with /, as /users");
            }
            if (page < 0 || times < 0 || millis < 0 || millis > SLOWEST_MILLIS) {
                throw new IllegalArgumentException("page, times and millis are 0 or more, and millis at most " + SLOWEST_MILLIS);
            }
        }
    }

    private static final int SLOWEST_MILLIS = 600_000;
    private static final int MOST = 100;

    private final List<Fault> faults = new ArrayList<>();

    /** Takes the place of all that were asked for before; at most 100. */
    public synchronized void set(List<Fault> all) {
        if (all.size() > MOST || all.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("at most " + MOST + " faults, and none of them null");
        }
        faults.clear();
        faults.addAll(all);
    }

    public synchronized List<Fault> all() {
        return List.copyOf(faults);
    }

    /** The fault that this request meets now; one that happens a number of times is used up. */
    synchronized Optional<Fault> meet(String path, int page) {
        for (Iterator<Fault> each = faults.iterator(); each.hasNext(); ) {
            Fault fault = each.next();
            if (path.equals(fault.path()) && (fault.page() == 0 || fault.page() == page)) {
                if (fault.times() > 0) {
                    each.remove();
                    if (fault.times() > 1) {
                        faults.add(new Fault(fault.kind(), fault.path(), fault.page(), fault.times() - 1, fault.millis()));
                    }
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
