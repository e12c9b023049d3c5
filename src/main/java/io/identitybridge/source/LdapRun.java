package io.identitybridge.source;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.identitybridge.files.SourceFile;
import io.identitybridge.model.Proof;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One way through all lists of an LDAP source: joined reads, users, groups, and each group's members. */
final class LdapRun {
    private final SourceFile file;
    private final Map<String, LdapList> lists;
    private final LdapCalls calls;
    private final LdapPages pages;
    private final LdapRoot root;
    private final Map<String, LdapCursor> from;
    private final Clock clock;
    private final Sink sink;
    private final Limits limits;
    private final Faults faults;
    private final List<String> notes;
    private final Map<String, Long> unique = new HashMap<>();
    private final Map<String, String> cursors = new HashMap<>();
    private final LdapPeople people;
    /** Of a whole reading: the users on the list. */
    private SeenIds listed = new SeenIds();

    /** @param from where each list's changes begin; empty: everything is read */
    LdapRun(SourceFile file, Map<String, LdapList> lists, LdapCalls calls, LdapPages pages, LdapRoot root, Map<String, LdapCursor> from, List<String> notes,
            Clock clock, Sink sink, Limits limits, Faults faults) {
        this.file = file;
        this.lists = lists;
        this.calls = calls;
        this.pages = pages;
        this.root = root;
        this.from = from;
        this.notes = new ArrayList<>(notes);
        this.clock = clock;
        this.sink = sink;
        this.limits = limits;
        this.faults = faults;
        this.people = new LdapPeople(calls, pages, lists.get(Reader.USERS));
    }

    Reading read() {
        lists.values().stream().filter(list -> !List.of(Reader.USERS, Reader.GROUPS).contains(list.name())).forEach(this::joined);
        users(lists.get(Reader.USERS));
        Optional.ofNullable(lists.get(Reader.GROUPS)).ifPresent(this::groups);
        return new Reading(unique, cursors, isWhole() ? Optional.of(new Proof(unique)) : Optional.empty(), notes);
    }

    /** Reading from the very beginning, of a file that is complete or whose lists all have a cursor: only then does absence mean something. */
    private boolean isWhole() {
        return from.isEmpty() && (file.complete() || lists.values().stream().filter(list -> List.of(Reader.USERS, Reader.GROUPS).contains(list.name())).allMatch(list -> list.resource().cursor().isPresent()));
    }

    private void joined(LdapList list) {
        List<Item> all = new ArrayList<>();
        new LdapListing(list, Optional.empty(), pages, calls, root, file.lag(), faults).read(new LdapListing.Taker() {
            @Override
            public void begin() {
                all.clear();
            }

            @Override
            public void page(PageRead page, List<SearchResultEntry> entries) {
                all.addAll(page.items());
                if (all.size() > limits.held()) {
                    throw faults.of(list.name() + ": more than " + limits.held() + " entries");
                }
            }
        });
        Map<String, Item> last = new LinkedHashMap<>();
        all.forEach(item -> last.put(item.id(), item));
        unique.put(list.name(), (long) last.size());
        sink.joined(list.resource(), List.copyOf(last.values()));
    }

    private void users(LdapList list) {
        boolean byDn = !tellsGuids() && lists.containsKey(Reader.GROUPS);
        own(list, new LdapListing.Taker() {
            @Override
            public void begin() {
                listed = new SeenIds();
                sink.begin(Reader.USERS);
            }

            @Override
            public void page(PageRead page, List<SearchResultEntry> entries) {
                if (byDn) {
                    entries.forEach(entry -> people.put(entry.getDN(), list.records().id(Reader.USERS, entry)));
                }
                page.items().stream().filter(item -> !item.removed()).forEach(item -> listed.add(item.id()));
                sink.users(page);
            }
        });
    }

    private void groups(LdapList list) {
        Map<String, String> wanted = new LinkedHashMap<>();
        Set<String> removed = new LinkedHashSet<>();
        List<Control> controls = tellsGuids() ? List.of(LdapRoot.EXTENDED_DN) : List.of();
        Optional<LdapMembers> values = list.resource().members().map(members -> new LdapMembers(calls, list, controls, clock, limits, faults));
        Optional<LdapGroups> inside = values.map(members -> new LdapGroups(list, pages, members, people, !from.isEmpty()));
        own(list, new LdapListing.Taker() {
            @Override
            public void begin() {
                wanted.clear();
                removed.clear();
                sink.begin(Reader.GROUPS);
            }

            @Override
            public void page(PageRead page, List<SearchResultEntry> entries) {
                Set<String> asked = sink.groups(page);
                entries.forEach(entry -> {
                    String id = list.records().id(Reader.GROUPS, entry);
                    inside.ifPresent(groups -> groups.put(entry.getDN(), id));
                    if (asked.contains(id)) {
                        wanted.put(id, entry.getDN());
                    }
                });
                page.items().stream().filter(Item::removed).map(Item::id).forEach(id -> {
                    wanted.remove(id);
                    removed.add(id);
                });
            }
        });
        inside.ifPresent(groups -> {
            if (groups.flatten() && !from.isEmpty()) {
                touched(groups, wanted, !removed.isEmpty());
            }
            members(list, groups, values.orElseThrow(), wanted);
        });
    }

    /** A delta names the groups that changed; the people of those above them have changed with them. */
    private void touched(LdapGroups groups, Map<String, String> wanted, boolean all) {
        if (all || !wanted.isEmpty()) {
            Map<String, String> there = groups.readAll();
            wanted.putAll(all ? there : groups.above(List.copyOf(wanted.values())));
        }
    }

    private void members(LdapList list, LdapGroups groups, LdapMembers values, Map<String, String> wanted) {
        GroupTold told = new GroupTold();
        unique.put(Reader.MEMBERS, 0L);
        Parallel.each(wanted.keySet(), limits.parallel(), id -> values.of(id, wanted.get(id)),
            (id, found) -> found.ifPresentOrElse(first -> tell(id, first, groups, values, told), () -> sink.groupVanished(id)),
            () -> faults.of("groups: stopped while their members were read"));
        if (told.waiting > 0) {
            notes.add(told.waiting + " groups name somebody whom this account does not see: whoever is absent stays in them until his own absence is proved; may it still read all people?");
        }
        if (told.named == 0 && told.lacking > 0) {
            throw faults.of("groups: none of " + wanted.size() + " groups shows a member, and some had members before; may this account still read " + list.resource().members().orElseThrow() + "?");
        }
        if (from.isEmpty()) {
            enough(Reader.MEMBERS);
        }
    }

    private static final class GroupTold {
        private long named;
        private long lacking;
        private long waiting;
    }

    private void tell(String id, LdapMembers.Values first, LdapGroups groups, LdapMembers values, GroupTold told) {
        Optional<LdapGroups.People> once = groups.people(id, first, false);
        boolean lacks = once.isPresent() && sink.lacksSome(id, List.copyOf(once.get().ids()));
        Optional<LdapGroups.People> all = lacks ? again(id, first, groups, values).map(once.get()::or) : once;
        if (all.isEmpty()) {
            notes.add("group " + Faults.shown(id) + ": a group in it went away while it was read, so its members stay as they are until the next run");
            return;
        }
        told.named += first.values().isEmpty() ? 0 : 1;
        if (first.values().isEmpty() && lacks) {
            told.lacking++;
            namedByNobody(id, first.dn());
        }
        Set<String> members = new LinkedHashSet<>(all.get().ids());
        if (lacks && all.get().unseen()) {
            List<String> waiting = sink.lacked(id, List.copyOf(members)).stream().filter(person -> !isSeen(person)).toList();
            members.addAll(waiting);
            told.waiting += waiting.isEmpty() ? 0 : 1;
        }
        unique.merge(Reader.MEMBERS, (long) members.size(), Long::sum);
        sink.members(id, List.copyOf(members), first.askedAt());
    }

    /** A list that lacks somebody whom the bridge holds is read once more, and whoever is in either reading is in; DNs that no list named are asked for. */
    private static Optional<LdapGroups.People> again(String id, LdapMembers.Values first, LdapGroups groups, LdapMembers values) {
        return values.of(id, first.dn()).flatMap(second -> groups.people(id, second, true));
    }

    /** Whether this account sees somebody: then a group that does not name him says that he is not in it. Whom it does not see may be the very one that the group names by a DN nobody can resolve. */
    private boolean isSeen(String person) {
        LdapList users = lists.get(Reader.USERS);
        return listed.has(person) || !from.isEmpty() && LdapRoot.only(calls.ask("users: " + Faults.shown(person), users.query(Optional.of(users.records().is(person)), new String[] {users.records().id()}).request())).isPresent();
    }

    /** A right that was taken away makes a group look empty; the people's own memberOf, where the server keeps it, then says otherwise. */
    private void namedByNobody(String id, String dn) {
        LdapList users = lists.get(Reader.USERS);
        pages.read("users: memberOf", users.query(Optional.of(Filter.createEqualityFilter("memberOf", dn)), new String[] {users.records().id()}), new LdapPages.Taker() {
            @Override
            public void begin() {
                // Nothing is kept.
            }

            @Override
            public void page(LdapPages.Page page) {
                if (!page.entries().isEmpty()) {
                    throw faults.of("groups: group " + Faults.shown(id) + " shows no member, and its people name it in memberOf; may this account still read the group's members?");
                }
            }
        });
    }

    /** Users or groups, from their cursor where there is one. */
    private void own(LdapList list, LdapListing.Taker taker) {
        LdapListing listing = new LdapListing(list, Optional.ofNullable(from.get(list.name())), pages, calls, root, file.lag(), faults);
        LdapListing.Outcome outcome = listing.read(taker);
        unique.put(list.name(), outcome.unique());
        outcome.cursor().ifPresent(cursor -> cursors.put(list.name(), cursor.text()));
        outcome.note().ifPresent(note -> notes.add(list.name() + ": " + note));
        if (from.isEmpty()) {
            enough(list.name());
        }
    }

    private void enough(String name) {
        Optional.ofNullable(file.atLeast().get(name)).filter(least -> unique.get(name) < least).ifPresent(least -> {
            throw faults.of(name + ": " + unique.get(name) + " read, at least " + least + " expected");
        });
    }

    private boolean tellsGuids() {
        return root.tellsGuids() && List.of(Reader.USERS, Reader.GROUPS).stream().allMatch(name -> !lists.containsKey(name) || lists.get(name).records().isGuid());
    }
}
