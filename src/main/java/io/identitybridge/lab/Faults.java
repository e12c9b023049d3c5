package io.identitybridge.lab;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Faults on request. By HTTP on the stand-in itself: {@code PUT /lab/faults} with
 * {@code [{"kind": "STATUS_503", "path": "/users", "page": 3, "times": 0, "millis": 0}]} sets them all, {@code GET} shows them, {@code DELETE} ends them;
 * {@code ?seed=} of a PUT sets what chance follows.
 */
public final class Faults {
    /** What goes wrong; each stand-in says which of these it knows. */
    public enum Kind {
        /** The server says 400, and in why the whole request, its headers included. */
        STATUS_400,
        /** The server says 401. */
        STATUS_401,
        /** The server says 402: the subscription is exhausted. */
        STATUS_402,
        /** The server says 403: a scope is missing. */
        STATUS_403,
        /** The server says 429, with a Retry-After of {@code millis}, rounded up to seconds, or without one if that is 0. */
        STATUS_429,
        /** The server says 500. */
        STATUS_500,
        /** The server says 503. */
        STATUS_503,
        /** The connection is closed without an answer. */
        RESET,
        /** The connection is cut in the middle of the body. */
        CUT,
        /** Half the page is missing, and it still leads on. */
        SHORT,
        /** The page leads to itself. */
        REPEATED,
        /** The page takes so many milliseconds. */
        SLOW,
        /** The page is empty and the last. */
        EMPTY,
        /** After this write, reads are answered for so many milliseconds (0: one read) as if it had not been. */
        STALE
    }

    /**
     * One fault.
     *
     * @param path    the path below the API's base, as {@code /users} or {@code /groups/00g00000001/users}; {@code *} stands for anything
     * @param page    from 1; 0 means every page
     * @param times   how often it happens; 0 means for good
     * @param method  as PUT; "" means any
     * @param percent how likely it is; 0 means always
     * @param after   whether it fails after what was asked for has been done, and not before
     */
    public record Fault(Kind kind, String path, int page, int times, int millis, String method, int percent, boolean after) {
        public Fault {
            method = method == null ? "" : method;
            if (kind == null || path == null || !path.startsWith("/")) {
                throw new IllegalArgumentException("a fault has a kind, one of " + List.of(Kind.values()) + ", and a path that begins with /, as /users");
            }
            if (page < 0 || times < 0 || millis < 0 || millis > SLOWEST_MILLIS) {
                throw new IllegalArgumentException("page, times and millis are 0 or more, and millis at most " + SLOWEST_MILLIS);
            }
            if (percent < 0 || percent > ALWAYS) {
                throw new IllegalArgumentException("percent is 0 to 100");
            }
        }

        /** For any method, always, before anything is done. */
        public Fault(Kind kind, String path, int page, int times, int millis) {
            this(kind, path, page, times, millis, "", 0, false);
        }

        /** As likely as that, on any page, for good. */
        public static Fault likely(Kind kind, String method, String path, int percent) {
            return new Fault(kind, path, 0, 0, 0, method, percent, false);
        }

        /** The same, but once what was asked for has been done. */
        public Fault afterwards() {
            return new Fault(kind, path, page, times, millis, method, percent, true);
        }

        private Fault once() {
            return new Fault(kind, path, page, times - 1, millis, method, percent, after);
        }

        private boolean isAbout(String asked, String at, int number) {
            return (method.isEmpty() || method.equals(asked)) && (page == 0 || page == number)
                    && (path.equals(at) || path.contains("*") && Pattern.matches("\\Q" + path.replace("*", "\\E.*\\Q") + "\\E", at));
        }
    }

    private static final int SLOWEST_MILLIS = 600_000;
    private static final int MOST = 100;
    private static final int ALWAYS = 100;

    private final List<Fault> faults = new ArrayList<>();
    private final Set<Kind> known;
    private Random chance = new Random(1);

    /** @param known what the stand-in can do wrong */
    Faults(Set<Kind> known) {
        this.known = EnumSet.copyOf(known);
    }

    /** What chance follows from here on. */
    public synchronized void seed(long seed) {
        chance = new Random(seed);
    }

    /** Takes the place of all that were asked for before; at most 100. */
    public synchronized void set(List<Fault> all) {
        if (all.size() > MOST || all.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("at most " + MOST + " faults, and none of them null");
        }
        all.stream().map(Fault::kind).filter(kind -> !known.contains(kind)).findFirst().ifPresent(kind -> {
            throw new IllegalArgumentException("this stand-in knows no fault " + kind + "; kinds are " + known);
        });
        faults.clear();
        faults.addAll(all);
    }

    public synchronized List<Fault> all() {
        return List.copyOf(faults);
    }

    /** The fault that this request meets now; one that happens a number of times is used up. */
    synchronized Optional<Fault> meet(String method, String path, int page) {
        for (Iterator<Fault> each = faults.iterator(); each.hasNext(); ) {
            Fault fault = each.next();
            if (fault.isAbout(method, path, page) && (fault.percent() == 0 || chance.nextInt(ALWAYS) < fault.percent())) {
                if (fault.times() > 0) {
                    each.remove();
                    if (fault.times() > 1) {
                        faults.add(fault.once());
                    }
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
