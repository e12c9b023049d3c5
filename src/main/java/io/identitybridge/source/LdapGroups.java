package io.identitybridge.source;

import com.unboundid.ldap.sdk.Filter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes people's ids of members' values, through groups in groups where the file says flatten. */
final class LdapGroups {
    /** How the extended-DN control writes a member. */
    private static final Pattern WITH_GUID = Pattern.compile("^<GUID=([0-9a-fA-F-]{36})>");
    /** Ids of groups in groups that are kept, so that a group below many is read once. */
    private static final int KEPT = 200_000;

    private final LdapList groups;
    private final LdapPages pages;
    private final LdapMembers members;
    private final LdapPeople people;
    private final boolean ask;
    private final Map<String, String> dns = new HashMap<>();
    private final DnIds byDn = new DnIds();
    private final Map<String, Direct> below = new HashMap<>();
    private int kept;

    /** @param ask whether DNs that no list named are asked for at once, as in a delta, which reads no whole list */
    LdapGroups(LdapList groups, LdapPages pages, LdapMembers members, LdapPeople people, boolean ask) {
        this.groups = groups;
        this.pages = pages;
        this.members = members;
        this.people = people;
        this.ask = ask;
    }

    /**
     * The people of a group.
     *
     * @param unseen whether it, or a group in it, names somebody whom this account does not see though it was asked about him
     */
    record People(Set<String> ids, boolean unseen) {
        /** Of two readings. */
        People or(People other) {
            Set<String> either = new LinkedHashSet<>(ids);
            either.addAll(other.ids);
            return new People(either, unseen || other.unseen);
        }
    }

    /** Who a group names itself. */
    private record Direct(List<String> people, List<String> groups, boolean unseen) {
    }

    void put(String dn, String id) {
        dns.put(id, dn);
        byDn.put(dn, id);
    }

    boolean flatten() {
        return groups.search().flatten();
    }

    /** All groups of the list with their DNs, for a delta that sees only some of them. */
    Map<String, String> readAll() {
        each("groups: ids", Optional.empty(), this::put);
        return Map.copyOf(dns);
    }

    /** The groups that hold one of these, at any depth, with their DNs: what changes below changes them. */
    Map<String, String> above(Collection<String> changed) {
        Map<String, String> above = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(changed);
        while (!open.isEmpty()) {
            Filter holds = Filter.createEqualityFilter(LdapRecords.name(groups.resource().members().orElseThrow()), open.remove());
            each("groups: above", Optional.of(holds), (dn, id) -> {
                if (above.putIfAbsent(id, dn) == null) {
                    open.add(dn);
                }
            });
        }
        return above;
    }

    /** The people of a group; empty where a group below it went away in mid-read, so that nobody is taken out for that. */
    Optional<People> people(String id, LdapMembers.Values values, boolean second) {
        Direct own = direct(values.values(), second);
        Set<String> all = new LinkedHashSet<>(own.people());
        boolean unseen = own.unseen();
        if (!flatten()) {
            return Optional.of(new People(all, unseen));
        }
        Set<String> seen = new HashSet<>(Set.of(id));
        Deque<String> open = new ArrayDeque<>(own.groups());
        while (!open.isEmpty()) {
            String next = open.remove();
            if (seen.add(next)) {
                Optional<Direct> inner = below(next, second);
                if (inner.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(inner.get().people());
                unseen |= inner.get().unseen();
                open.addAll(inner.get().groups());
            }
        }
        return Optional.of(new People(all, unseen));
    }

    private Optional<Direct> below(String id, boolean second) {
        if (!second && below.containsKey(id)) {
            return Optional.of(below.get(id));
        }
        Optional<Direct> direct = members.of(id, dns.get(id)).map(values -> direct(values.values(), second));
        direct.filter(read -> kept + read.people().size() <= KEPT).ifPresent(read -> {
            kept += read.people().size();
            below.put(id, read);
        });
        return direct;
    }

    private Direct direct(List<String> values, boolean second) {
        List<String> found = new ArrayList<>();
        List<String> inner = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String value : values) {
            Matcher guid = WITH_GUID.matcher(value);
            if (guid.find()) {
                String id = guid.group(1).toLowerCase(java.util.Locale.ROOT);
                (dns.containsKey(id) && flatten() ? inner : found).add(id);
            } else {
                byDn.get(value).ifPresentOrElse(inner::add, () -> people.known(value).ifPresentOrElse(found::add, () -> unknown.add(value)));
            }
        }
        boolean asked = ask || second;
        if (asked) {
            found.addAll(people.ask(unknown));
        }
        return new Direct(List.copyOf(found), List.copyOf(inner), asked && unknown.stream().anyMatch(people::unseen));
    }

    private void each(String label, Optional<Filter> more, java.util.function.BiConsumer<String, String> taker) {
        pages.read(label, groups.query(more, new String[] {groups.records().id()}), new LdapPages.Taker() {
            @Override
            public void begin() {
                // Taking an entry twice changes nothing.
            }

            @Override
            public void page(LdapPages.Page page) {
                page.entries().forEach(entry -> taker.accept(entry.getDN(), groups.records().id(label, entry)));
            }
        });
    }
}
