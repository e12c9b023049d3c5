package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.ById;
import io.identitybridge.files.SourceFile.Expired;
import io.identitybridge.files.SourceFile.Resource;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads an IdP by HTTP. */
public final class Reader implements IdpReader {
    static final String USERS = "users";
    static final String GROUPS = "groups";
    static final String MEMBERS = "members";

    private final SourceFile file;
    private final Settings settings;
    private final Faults faults;
    private final Limits limits;
    private final Addresses addresses;
    private final Calls calls;
    private final Pages pages;
    private final Clock clock;
    private Instant began = Instant.MIN;

    /** {@code clock} gives the time that {@code askedAt} is told in. */
    public Reader(SourceFile file, Settings settings, Fetch fetch, Pause pause, Clock clock) {
        this(file, settings, fetch, pause, clock, Limits.USUAL);
    }

    Reader(SourceFile file, Settings settings, Fetch fetch, Pause pause, Clock clock, Limits limits) {
        this.file = file;
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
        this.faults = new Faults(file.name(), settings);
        this.addresses = new Addresses(file.url(), settings, faults);
        this.calls = new Calls(file, settings, addresses, fetch, pause, clock, limits, faults);
        this.pages = new Pages(calls, limits, faults);
    }

    @Override
    public Reading read(boolean full, Map<String, String> cursors, Sink sink) {
        return read(full, cursors, clock.instant(), sink);
    }

    @Override
    public Reading read(boolean full, Map<String, String> cursors, Instant began, Sink sink) {
        this.began = began;
        Map<String, String> from = full ? Map.of() : cursors;
        try {
            return run(from, true, List.of(), sink).read();
        } catch (BadStatus bad) {
            if (from.isEmpty() || !expired(bad)) {
                throw bad.fault();
            }
            return everything(sink);
        }
    }

    @Override
    public PointRead pointRead(String id) {
        return pointRead(USERS, id);
    }

    @Override
    public PointRead pointRead(String resource, String id) {
        Optional<ById> byId = Optional.ofNullable(file.read().get(resource)).flatMap(Resource::byId);
        if (byId.isEmpty()) {
            return new PointRead.Unknown();
        }
        URI url = addresses.of(byId.get().path(), Map.of("id", id), Map.of());
        try {
            Object body = pages.body(resource + ": " + Faults.shown(id), url);
            if (body instanceof Map<?, ?> record && Json.text(Json.at(record, file.read().get(resource).id().orElse(Records.USUAL_ID))).filter(id::equals).isPresent()) {
                return found(record);
            }
            throw faults.of(resource + ": " + Faults.shown(id) + ": the answer is not the record of this id; look at by-id in the source file");
        } catch (BadStatus bad) {
            if (byId.get().gone().contains(bad.status())) {
                return new PointRead.Gone();
            }
            throw bad.fault();
        }
    }

    @Override
    public Map<String, RateLeft> budget() {
        return calls.left();
    }

    Lists lists() {
        return new Lists(file, addresses, pages, limits, faults);
    }

    MemberLists members(Resource resource) {
        return new MemberLists(resource, resource.page().or(file::page), addresses, pages, limits, faults);
    }

    private Reading everything(Sink sink) {
        List<String> notes = List.of("the cursor had expired, so everything was read");
        try {
            return run(Map.of(), false, notes, sink).read();
        } catch (BadStatus bad) {
            throw bad.fault();
        }
    }

    private Run run(Map<String, String> cursors, boolean resume, List<String> notes, Sink sink) {
        return new Run(file, settings, lists(), this::members, id -> pointRead(GROUPS, id), cursors, () -> began.plus(calls.ahead()), resume, notes, sink, limits, faults);
    }

    private boolean expired(BadStatus bad) {
        Optional<Expired> rule = file.cursorExpired();
        return rule.isPresent() && (rule.get().statuses().contains(bad.status())
            || bad.status() < 500 && Faults.code(bad.answer().response()).filter(rule.get().codes()::contains).isPresent());
    }

    @SuppressWarnings("unchecked")
    private static PointRead found(Map<?, ?> record) {
        return new PointRead.Found((Map<String, Object>) record);
    }
}
