package io.identitybridge.source;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one list whole, or what changed in it and what was deleted since an earlier run. */
final class LdapListing {
    private static final String MORE = "more";
    private static final String BLIND = "this account does not see deleted objects, so whoever is deleted is noticed by the next full reading only";
    private static final String NO_COPY = "this account does not see which domain controller answers (invocationId), so each run reads everything";

    private final LdapList list;
    private final Optional<LdapCursor> from;
    private final LdapPages pages;
    private final LdapCalls calls;
    private final LdapRoot root;
    private final Duration lag;
    private final Faults faults;
    private SeenIds seen = new SeenIds();
    private Optional<Instant> latest = Optional.empty();
    private Instant begun = Instant.MAX;
    private int number;

    LdapListing(LdapList list, Optional<LdapCursor> from, LdapPages pages, LdapCalls calls, LdapRoot root, Duration lag, Faults faults) {
        this.list = list;
        this.from = from;
        this.pages = pages;
        this.calls = calls;
        this.root = root;
        this.lag = lag;
        this.faults = faults;
    }

    /** What the list gave besides its pages. */
    record Outcome(long unique, Optional<LdapCursor> cursor, Optional<String> note) {
    }

    /** Takes a list's pages. */
    interface Taker {
        void begin();

        /** @param entries those that are there, with their DNs */
        void page(PageRead page, List<SearchResultEntry> entries);
    }

    Outcome read(Taker taker) {
        Optional<LdapPages.Query> deleted = from.flatMap(since -> deleted(since));
        boolean blind = from.isPresent() && list.resource().removed().isPresent() && deleted.isEmpty();
        pages.read(list.name(), list.query(from.map(LdapCursor::since), list.records().asked()), new LdapPages.Taker() {
            @Override
            public void begin() {
                seen = new SeenIds();
                latest = Optional.empty();
                number = 0;
                taker.begin();
            }

            @Override
            public void page(LdapPages.Page page) {
                take(page, page.last() && deleted.isEmpty(), taker);
            }
        });
        deleted.ifPresent(query -> pages.read(list.name() + ": deleted", query, new LdapPages.Taker() {
            @Override
            public void begin() {
                // Pages of deleted objects come after the others and void none of them.
            }

            @Override
            public void page(LdapPages.Page page) {
                take(page, page.last(), taker);
            }
        }));
        Optional<LdapCursor> next = next();
        boolean hidden = list.resource().cursor().isPresent() && next.isEmpty() && usn();
        return new Outcome(seen.size(), next, blind ? Optional.of(BLIND) : hidden ? Optional.of(NO_COPY) : Optional.empty());
    }

    private void take(LdapPages.Page page, boolean last, Taker taker) {
        String what = list.name() + ": page " + page.number();
        Map<String, Item> items = new LinkedHashMap<>();
        List<SearchResultEntry> there = new ArrayList<>();
        for (SearchResultEntry entry : page.entries()) {
            Item item = list.records().item(what, entry);
            items.put(item.id(), item);
            if (!item.removed()) {
                seen.add(item.id());
                there.add(entry);
            }
            list.resource().cursor().map(LdapRecords::name).map(entry::getAttributeValue).flatMap(LdapCursor::time)
                .ifPresent(at -> latest = Optional.of(latest.filter(before -> before.isAfter(at)).orElse(at)));
        }
        number++;
        begun = number == 1 ? page.askedAt() : begun;
        taker.page(new PageRead(list.name(), number, last ? Optional.empty() : Optional.of(MORE), List.copyOf(items.values()), page.askedAt()), there);
    }

    /** What asks for deleted objects; empty where the list does not want them or the account does not see them. */
    private Optional<LdapPages.Query> deleted(LdapCursor since) {
        return list.resource().removed().flatMap(removed -> root.deletedObjects()).map(place -> {
            List<Filter> all = new ArrayList<>(List.of(Filter.createEqualityFilter(LdapRecords.name(list.resource().removed().orElseThrow()), "TRUE"), since.since()));
            kind(list.filter()).ifPresent(all::add);
            return new LdapPages.Query(place, SearchScope.SUB, Filter.createANDFilter(all), list.records().asked(), List.of(LdapRoot.SHOW_DELETED));
        }).filter(query -> {
            LdapPages.Query container = new LdapPages.Query(query.base(), SearchScope.BASE, Filter.createPresenceFilter("objectClass"), new String[] {list.records().id()}, query.controls());
            return calls.found(list.name() + ": deleted", container.request()).flatMap(LdapRoot::only).filter(place -> place.hasAttribute(list.records().id())).isPresent(); // its name alone shows without rights, too
        });
    }

    /** A deleted object keeps its object class, and not much else that a list's filter could ask for. */
    private static Optional<Filter> kind(Filter filter) {
        if (filter.getFilterType() == Filter.FILTER_TYPE_AND) {
            return Arrays.stream(filter.getComponents()).flatMap(part -> kind(part).stream()).findFirst();
        }
        return Optional.of(filter).filter(one -> one.getFilterType() == Filter.FILTER_TYPE_EQUALITY && one.getAttributeName().equalsIgnoreCase("objectClass"));
    }

    private boolean usn() {
        return list.resource().cursor().filter("/uSNChanged"::equals).isPresent();
    }

    /** Where the next run goes on: not after this reading began, so that what changed meanwhile comes once more. */
    private Optional<LdapCursor> next() {
        if (list.resource().cursor().isEmpty()) {
            return Optional.empty();
        }
        if (usn()) {
            return root.invocation().map(copy -> new LdapCursor.Usn(copy, root.highest()));
        }
        Optional<Instant> before = from.map(cursor -> cursor instanceof LdapCursor.Time time ? time.at() : Instant.MIN);
        Optional<Instant> until = latest.map(at -> at.isAfter(begun) ? begun : at);
        return until.or(() -> before).map(at -> new LdapCursor.Time(before.filter(b -> b.isAfter(at)).orElse(at), lag));
    }
}
