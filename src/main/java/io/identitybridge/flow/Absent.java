package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.source.IdpReader;
import io.identitybridge.source.PointRead;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds who is absent from a whole directory. Each is a candidate only; the IdP is asked about him alone where it can be. */
final class Absent {
    private static final int STRETCH = 5_000;
    /** More point reads than this in one run would be a second pull; the others stay candidates. */
    private static final int POINT_READS = 2_000;
    /** A directory this much smaller than before is a fault at the source, not that many leavers. */
    private static final double LARGEST_LOSS = 0.8;
    private static final int SMALL_DIRECTORY = 10;
    /** How an operator says so. */
    private static final String ACCEPT = "pull SOURCE --accept-shrink REASON";

    /** So long a run waits until whoever is absent and was read only just now can be asked for; longer, and the next run asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Staging staging;
    private final SourceName source;
    private final Hold hold;
    private final Duration lag;
    private final boolean accepted;
    private final int pointReads;

    /**
     * @param lag      how old a page may be: so long after he was first read, nobody is taken for absent
     * @param accepted whether an operator has said that what this run finds so much smaller is so: then each absence goes the usual way, and everybody absent is asked for
     */
    Absent(Staging staging, Hold hold, Duration lag, boolean accepted) {
        this.staging = staging;
        this.source = hold.source();
        this.hold = hold;
        this.lag = lag;
        this.accepted = accepted;
        this.pointReads = accepted ? Integer.MAX_VALUE : POINT_READS;
    }

    /** Stages absent users: gone, or seen after all, or missing; says how many, in words, or nothing. Refuses a directory that shrank beyond belief, unless it is {@code edited} what is read of it: then all that waits; nobody at all is never believed. */
    String users(StagingSink sink, IdpReader reader, boolean edited, Supplier<Instant> now) {
        List<String> absent = absent("users", sink::sawUser);
        long held = staging.held(source);
        unbelievable(held, sink.seenUsers(), absent.size()).filter(why -> !(edited || accepted) || sink.seenUsers() == 0).ifPresent(why -> {
            throw new SourceUnavailable(source, why);
        });
        Optional<String> early = early(absent, now);
        List<Staged> staged = new ArrayList<>();
        int asked = 0;
        int there = 0;
        for (String id : absent) {
            Instant at = now.get();
            Staged answer = asked++ < pointReads ? asked(sink, reader, id, at) : missing(id, at);
            there += answer.state().equals("found") ? 1 : 0;
            staged.add(answer);
            if (staged.size() == 500) {
                staging.records(hold, "users", staged);
                staged.clear();
            }
        }
        staged.addAll(onlyPushed(sink, reader, now, pointReads - Math.min(asked, pointReads)));
        staging.records(hold, "users", staged);
        return absent.isEmpty() ? "" : absent.size() + " users absent from the list, " + there + " of them there when asked for" + early.map(why -> "; " + why).orElse("");
    }

    /** Waits until all who are absent can be taken for it, where that is soon; else says of how many a later run decides. */
    private Optional<String> early(List<String> absent, Supplier<Instant> now) {
        Instant at = now.get();
        List<Instant> recent = absent.isEmpty() ? List.of() : staging.readSince(source, absent, at.minus(lag));
        if (recent.isEmpty()) {
            return Optional.empty();
        }
        Duration left = Duration.between(at, recent.getLast().plus(lag)).plusMillis(1);
        if (left.compareTo(PATIENCE) > 0) {
            return Optional.of(recent.size() + " of these were read less than " + lag.toSeconds() + " s before (lag), so a later run decides");
        }
        try {
            Thread.sleep(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceUnavailable(source, "the bridge stops");
        }
        return Optional.empty();
    }

    /** Why a whole directory of so many, where so many were held before, is a fault at the source and not that many leavers; empty where it may be true. */
    static Optional<String> unbelievable(long held, int read, int absent) {
        return held > 0 && read == 0 ? Optional.of("users: 0 read, " + held + " held before; nobody is removed for that") : shrunk("users", held, read, absent, "archive them at the source, or release it, or take this for true once: " + ACCEPT);
    }

    private static Optional<String> shrunk(String what, long held, int read, int absent, String todo) {
        return held < SMALL_DIRECTORY || absent <= LARGEST_LOSS * held ? Optional.empty()
                : Optional.of(what + ": " + read + " read, of " + held + " held before " + absent + " are absent; nobody is removed for that. If they really left, " + todo);
    }

    /** Whoever was pushed and is in no list may be kept out of the lists on purpose, so only his own record says what he is: whole, or gone. */
    private List<Staged> onlyPushed(StagingSink sink, IdpReader reader, Supplier<Instant> now, int most) {
        List<Staged> staged = new ArrayList<>();
        for (String id : most > 0 ? staging.onlyPushed(source, most) : List.<String>of()) {
            if (!sink.sawUser(id)) {
                Instant at = now.get();
                switch (reader.pointRead(id)) {
                    case PointRead.Gone gone -> staged.add(gone(id, at));
                    case PointRead.Found found -> staged.add(sink.pointRead(id, found.record(), at));
                    case PointRead.Unknown unknown -> { }
                }
            }
        }
        return staged;
    }

    private static Staged asked(StagingSink sink, IdpReader reader, String id, Instant at) {
        return switch (reader.pointRead(id)) {
            case PointRead.Gone gone -> gone(id, at);
            case PointRead.Found found -> sink.pointRead(id, found.record(), at);
            case PointRead.Unknown unknown -> missing(id, at);
        };
    }

    /** Asked for alone, and not there. */
    static Staged gone(String id, Instant at) {
        return new Staged(id, "absent", Optional.empty(), Optional.empty(), Optional.empty(), at);
    }

    /**
     * Stages absent groups: gone, or missing where they cannot be asked for; says how many, in words, or nothing. Refuses groups that became
     * too few beyond belief, as where the right to read them was lost and the source says so by leaving them out.
     */
    String groups(StagingSink sink, IdpReader reader, boolean edited, Supplier<Instant> now) {
        List<String> absent = absent("groups", sink::sawGroup);
        if (!edited && !accepted) {
            shrunk("groups", staging.heldGroups(source), sink.seenGroups(), absent.size(), "change what the source file reads: what is not found after that waits for you; or take this for true once: " + ACCEPT).ifPresent(why -> {
                throw new SourceUnavailable(source, why);
            });
        }
        List<Staged> staged = new ArrayList<>();
        int asked = 0;
        int there = 0;
        for (String id : absent) {
            Instant at = now.get();
            PointRead answer = asked++ < pointReads ? reader.pointRead("groups", id) : new PointRead.Unknown();
            switch (answer) {
                case PointRead.Gone gone -> staged.add(gone(id, at));
                case PointRead.Found found -> there++; // its members were not asked for, so all of it stays as it is
                case PointRead.Unknown unknown -> staged.add(missing(id, at));
            }
        }
        staging.records(hold, "groups", staged);
        return absent.isEmpty() ? "" : absent.size() + " groups absent from the list" + (there > 0 ? ", " + there + " of them there when asked for" : "");
    }

    /** Refuses lists of members that are all empty although many had somebody before: that is a right lost, or a query that asks for no members any more. */
    void members(StagingSink sink, boolean edited) {
        if (!edited && !accepted && sink.memberships() == 0 && sink.seenGroups() > 0 && sink.holdsMembers(lag, SMALL_DIRECTORY)) {
            throw new SourceUnavailable(source, "members: 0 read in " + sink.seenGroups() + " groups, and at least " + SMALL_DIRECTORY + " held before; nobody is removed for that. May the credentials still read them? If they are empty, take this for true once: " + ACCEPT);
        }
    }

    private static Staged missing(String id, Instant at) {
        return new Staged(id, "missing", Optional.empty(), Optional.empty(), Optional.empty(), at);
    }

    private List<String> absent(String resource, Predicate<String> seen) {
        List<String> absent = new ArrayList<>();
        String after = "";
        for (List<String> next = staging.living(source, resource, after, STRETCH); !next.isEmpty(); next = staging.living(source, resource, after, STRETCH)) {
            next.stream().filter(id -> !seen.test(id)).forEach(absent::add);
            after = next.getLast();
        }
        return absent;
    }
}
