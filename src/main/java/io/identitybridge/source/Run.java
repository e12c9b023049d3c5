package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.model.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** One way through all lists of a source file: joined reads, users and groups, members. */
final class Run {
    private static final int ASKED_AGAIN = 3;
    private final SourceFile file;
    private final Settings settings;
    private final Lists lists;
    private final Optional<MemberLists> calls;
    private final Function<Resource, MemberLists> memberLists;
    private final Optional<NestedMembers> nested;
    private final Function<String, PointRead> alone;
    private final Map<String, String> from;
    private final Supplier<Instant> began;
    private final boolean resume;
    private final List<String> notes;
    private final Sink sink;
    private final Limits limits;
    private final Faults faults;
    private final Map<String, Long> unique = new HashMap<>();
    private final Map<String, String> cursors = new HashMap<>();
    private final Set<String> wanted = new LinkedHashSet<>();
    private final List<String> filled = new ArrayList<>();
    private boolean emptied;

    Run(SourceFile file, Settings settings, Lists lists, Function<Resource, MemberLists> memberLists, Function<String, PointRead> alone, Map<String, String> from, Supplier<Instant> began,
        boolean resume, List<String> notes, Sink sink, Limits limits, Faults faults) {
        this.file = file;
        this.settings = settings;
        this.lists = lists;
        this.memberLists = memberLists;
        this.calls = Optional.ofNullable(file.read().get(Reader.MEMBERS)).filter(this::isOn).map(memberLists);
        this.alone = alone;
        this.from = from;
        this.began = began;
        this.resume = resume;
        this.notes = new ArrayList<>(notes);
        this.sink = sink;
        this.limits = limits;
        this.faults = faults;
        this.nested = file.read().values().stream().anyMatch(r -> isOn(r) && r.nested().flattened()) ? Optional.of(new NestedMembers(calls, sink, limits, faults, this.notes)) : Optional.empty();
    }

    Reading read() {
        each(false);
        each(true);
        Optional.ofNullable(file.read().get(Reader.MEMBERS)).filter(this::isOn).ifPresent(this::members);
        return new Reading(unique, cursors, isWhole() ? Optional.of(new Proof(unique)) : Optional.empty(), notes);
    }

    private void each(boolean own) {
        for (Resource resource : file.read().values()) {
            if (isOn(resource)) {
                switch (resource.name()) {
                    case Reader.USERS -> when(own, () -> users(resource));
                    case Reader.GROUPS -> when(own, () -> groups(resource));
                    case Reader.MEMBERS -> { }
                    default -> when(!own, () -> joined(resource));
                }
            }
        }
    }

    private static void when(boolean turn, Runnable reading) {
        if (turn) {
            reading.run();
        }
    }

    private boolean isOn(Resource resource) {
        return resource.when().map(settings::has).orElse(true);
    }

    private void joined(Resource resource) {
        List<Item> all = new ArrayList<>();
        Expansion expansion = new Expansion(resource, memberLists, sink, limits, faults, notes);
        Lists.Outcome outcome = lists.read(resource, Optional.empty(), Optional.empty(), new Lists.Taker() {
            @Override
            public void begin() {
                all.clear();
            }

            @Override
            public void page(PageRead page, List<Item> items) {
                all.addAll(resource.repeated() ? items : page.items());
                if (all.size() > limits.held()) {
                    throw faults.of(resource.name() + ": more than " + limits.held() + " records");
                }
            }
        });
        unique.put(resource.name(), outcome.unique());
        sink.joined(resource, resource.repeated() ? expansion.of(all) : new Records(resource, faults).unique(all));
    }

    private void users(Resource resource) {
        note(resource, lists.read(sinceThen(resource), cursor(resource), resume ? sink.progress(Reader.USERS, "") : Optional.empty(), new Lists.Taker() {
            @Override
            public void begin() {
                sink.begin(Reader.USERS);
            }

            @Override
            public void page(PageRead page, List<Item> all) {
                sink.users(page);
            }
        }));
    }

    private void groups(Resource resource) {
        Optional<InsideMembers> inside = resource.members().map(pointer -> new InsideMembers(resource, sink, nested, alone,
            taker -> lists.read(sinceThen(resource), Optional.empty(), Optional.empty(), taker), limits, faults, notes));
        note(resource, lists.read(sinceThen(resource), cursor(resource), Optional.empty(), new Lists.Taker() {
            @Override
            public void begin() {
                wanted.clear();
                nested.ifPresent(NestedMembers::begin);
                inside.ifPresent(InsideMembers::begin);
                sink.begin(Reader.GROUPS);
            }

            @Override
            public void page(PageRead page, List<Item> all) {
                Set<String> asked = sink.groups(page);
                wanted.addAll(asked);
                page.items().stream().filter(Item::removed).map(Item::id).forEach(wanted::remove);
                inside.ifPresent(members -> members.tell(page, all, asked));
            }

            @Override
            public void children(String group, List<String> below) {
                nested.ifPresent(n -> n.children(group, below));
            }
        }));
        inside.ifPresent(members -> {
            members.end(wanted, cursor(resource).isEmpty());
            unique.put(Reader.MEMBERS, members.told());
            enoughMembers(members.told());
        });
    }

    private void members(Resource resource) {
        MemberLists groups = calls.orElseThrow();
        List<String> open = wanted.stream().filter(id -> !resume || sink.progress(Reader.MEMBERS, id).isEmpty()).toList();
        unique.put(Reader.MEMBERS, 0L);
        List<String> vanished = new ArrayList<>();
        Parallel.each(open, limits.parallel(), groups::of, (id, found) -> {
            boolean whole = nested.isEmpty() || !(found instanceof MemberLists.Found.All once) || nested.get().isInnermost(id, once.groups());
            switch (whole ? secondLook(groups, id, found) : found) {
                case MemberLists.Found.All all -> {
                    nested.ifPresent(n -> n.direct(id, all, whole));
                    if (whole) {
                        whole(id, all.people(), all.askedAt());
                    }
                }
                case MemberLists.Found.Vanished gone -> {
                    vanished.add(id);
                    nested.ifPresent(n -> n.vanished(id));
                    sink.groupVanished(id);
                }
            }
        }, () -> faults.of(resource.name() + ": stopped while they were read"));
        stillReadable(groups);
        if (vanished.size() > 1 && vanished.size() == wanted.size()) {
            throw faults.of(resource.name() + ": not found for any of " + vanished.size() + " groups; look at path in the source file");
        }
        nested.ifPresent(n -> n.tell(wanted, this::whole, groups::of));
        if (open.size() == wanted.size()) {
            enoughMembers(unique.get(Reader.MEMBERS));
        }
    }

    /** Where a list has lost everybody: one that had somebody in this very run is asked for again, because a right that was lost meanwhile looks the same. */
    private void stillReadable(MemberLists groups) {
        boolean allEmpty = emptied && !filled.isEmpty() && filled.stream().noneMatch(id -> groups.of(id) instanceof MemberLists.Found.All all && !(all.people().isEmpty() && all.groups().isEmpty()));
        if (allEmpty) {
            throw faults.of("members: lists that had somebody a moment ago are empty now; was the right to read them lost while they were read?");
        }
    }

    private void whole(String group, List<String> people, Instant askedAt) {
        if (!people.isEmpty() && filled.size() < ASKED_AGAIN) {
            filled.add(group);
        }
        unique.merge(Reader.MEMBERS, (long) people.size(), Long::sum);
        sink.members(group, people, askedAt);
    }

    private MemberLists.Found secondLook(MemberLists groups, String id, MemberLists.Found first) {
        if (!(first instanceof MemberLists.Found.All once) || !sink.lacksSome(id, once.people())) {
            return first;
        }
        if (!(groups.of(id) instanceof MemberLists.Found.All again)) {
            return new MemberLists.Found.Vanished();
        }
        Set<String> either = new LinkedHashSet<>(once.people());
        either.addAll(again.people());
        if (either.isEmpty()) {
            emptied = true;
            notes.add("group " + Faults.shown(id) + " is empty now: its list was read twice");
        }
        if (either.size() > once.people().size()) {
            notes.add("group " + Faults.shown(id) + ": its list of members came short and was read again");
        }
        return new MemberLists.Found.All(List.copyOf(either), once.groups(), once.askedAt());
    }

    private void enoughMembers(long read) {
        Optional.ofNullable(file.atLeast().get(Reader.MEMBERS)).filter(least -> isWhole() && read < least).ifPresent(least -> {
            throw faults.of("members: " + read + " read, at least " + least + " expected");
        });
    }

    private Optional<String> cursor(Resource resource) {
        return resource.cursor().flatMap(pointer -> Optional.ofNullable(from.get(resource.name())));
    }

    /** The time that an earlier run kept of a list that can be asked for changes. */
    private Optional<Instant> since(Resource resource) {
        return resource.changed().flatMap(changed -> Optional.ofNullable(from.get(resource.name())).map(Instant::parse).map(then -> then.minus(changed.overlap())));
    }

    private Resource sinceThen(Resource resource) {
        return since(resource).map(resource::since).orElse(resource);
    }

    private void note(Resource resource, Lists.Outcome outcome) {
        unique.put(resource.name(), outcome.unique());
        outcome.cursor().ifPresent(cursor -> cursors.put(resource.name(), cursor));
        resource.changed().ifPresent(changed -> cursors.put(resource.name(), began.get().toString()));
    }

    /** A file that is {@code complete}, or a delta read from its very beginning: only then does absence mean something. */
    private boolean isWhole() {
        List<Resource> own = file.read().values().stream()
            .filter(r -> r.name().equals(Reader.USERS) || r.name().equals(Reader.GROUPS)).toList();
        return unique.containsKey(Reader.USERS) && own.stream().noneMatch(r -> cursor(r).isPresent() || since(r).isPresent())
            && (file.complete() || own.stream().allMatch(r -> r.cursor().isPresent()));
    }
}
