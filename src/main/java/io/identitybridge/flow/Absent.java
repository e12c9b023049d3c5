package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.source.PointRead;
import io.identitybridge.source.Reader;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    private final Staging staging;
    private final SourceName source;
    private final UUID run;

    Absent(Staging staging, SourceName source, UUID run) {
        this.staging = staging;
        this.source = source;
        this.run = run;
    }

    /** Stages absent users: gone, or seen after all, or missing; says how many, in words, or nothing. Refuses a directory that shrank beyond belief. */
    String users(StagingSink sink, Reader reader, Supplier<Instant> now) {
        List<String> absent = new ArrayList<>();
        absent("users", sink::sawUser, absent);
        long held = staging.held(source);
        if (held > 0 && sink.seenUsers() == 0) {
            throw new SourceUnavailable(source, "users: 0 read, " + held + " held before; nobody is removed for that");
        }
        if (held >= SMALL_DIRECTORY && absent.size() > LARGEST_LOSS * held) {
            throw new SourceUnavailable(source, "users: " + sink.seenUsers() + " read, of " + held + " held before " + absent.size() + " are absent; nobody is removed for that."
                    + " If they really left, archive them at the source or release it");
        }
        List<Staged> staged = new ArrayList<>();
        int asked = 0;
        int there = 0;
        for (String id : absent) {
            Instant at = now.get();
            Staged answer = asked++ < POINT_READS ? asked(sink, reader, id, at) : missing(id, at);
            there += answer.state().equals("whole") ? 1 : 0;
            staged.add(answer);
            if (staged.size() == 500) {
                staging.records(run, "users", staged);
                staged.clear();
            }
        }
        staging.records(run, "users", staged);
        return absent.isEmpty() ? "" : absent.size() + " users absent from the list, " + there + " of them there when asked for";
    }

    private static Staged asked(StagingSink sink, Reader reader, String id, Instant at) {
        return switch (reader.pointRead(id)) {
            case PointRead.Gone gone -> gone(id, at);
            case PointRead.Found found -> sink.pointRead(id, found.record(), at);
            case PointRead.Unknown unknown -> missing(id, at);
        };
    }

    static Staged gone(String id, Instant at) {
        return new Staged(id, "gone", Optional.empty(), Optional.empty(), Optional.empty(), at);
    }

    /** Stages absent groups as candidates; says how many, in words, or nothing. Refuses a directory that has lost all of them. */
    String groups(StagingSink sink, Supplier<Instant> now) {
        List<String> absent = new ArrayList<>();
        long held = absent("groups", sink::sawGroup, absent);
        if (held >= SMALL_DIRECTORY && absent.size() == held) {
            throw new SourceUnavailable(source, "groups: none of " + held + " held before is there; nobody is removed for that");
        }
        staging.records(run, "groups", absent.stream().map(id -> missing(id, now.get())).toList());
        return absent.isEmpty() ? "" : absent.size() + " groups absent from the list";
    }

    private static Staged missing(String id, Instant at) {
        return new Staged(id, "missing", Optional.empty(), Optional.empty(), Optional.empty(), at);
    }

    /** Gathers who is not seen; gives how many there were. */
    private long absent(String resource, Predicate<String> seen, List<String> absent) {
        long held = 0;
        String after = "";
        for (List<String> next = staging.living(source, resource, after, STRETCH); !next.isEmpty(); next = staging.living(source, resource, after, STRETCH)) {
            next.stream().filter(id -> !seen.test(id)).forEach(absent::add);
            held += next.size();
            after = next.getLast();
        }
        return held;
    }
}
