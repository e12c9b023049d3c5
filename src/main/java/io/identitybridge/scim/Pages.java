package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Match;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimReads.Listed;
import io.identitybridge.store.ScimReads.Mixed;
import io.identitybridge.store.ScimRow;
import io.identitybridge.store.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Answers lists: of one type, or of both, one after the other or in the order asked for; by index (RFC 7644, 3.4.2.4) or by cursor (RFC 9865). */
final class Pages {
    /** A page of groups ends before it shows more members than this, but never before its first group. */
    private static final long MOST_MEMBERS = 50_000;
    private final ScimReads reads;
    private final Reading reading;

    Pages(ScimReads reads, Reading reading) {
        this.reads = reads;
        this.reading = reading;
    }

    /** One list that is asked for, in the order of its types. */
    record Call(List<ResourceType> types, SourceName source, Query query, String base, Repairs repairs, long since) {
        Call(List<ResourceType> types, SourceName source, Query query, String base) {
            this(types, source, query, base, new Repairs(), System.nanoTime());
        }
    }

    /** What is shown of one type: a page, or its beginning where it would be too long. */
    private record Shown(List<Listed> rows, boolean more, Optional<Long> total) {
    }

    ScimOutcome.Answer of(Call call, Notes notes) {
        boolean mixed = call.types().size() > 1 && call.query().sortBy().isPresent();
        Map<String, Object> list = mixed ? inOneOrder(call) : call.query().cursor().map(cursor -> byCursor(call, cursor)).orElseGet(() -> byIndex(call));
        return Answers.json(200, Map.of(), list, new Notes(notes.source(), notes.meaning(), notes.resource(), call.repairs().all(), notes.body()));
    }

    private Map<String, Object> byIndex(Call call) {
        List<Map<String, Object>> resources = new ArrayList<>();
        long total = 0;
        int left = call.query().count();
        for (ResourceType type : call.types()) {
            Shown shown = shown(call, type, Optional.empty(), Math.max(0, call.query().startIndex() - 1 - total), left, true);
            resources.addAll(rendered(call, type, shown.rows()));
            left = shown.more() ? 0 : left - shown.rows().size();
            total += shown.total().orElse(0L);
        }
        return Lists.of(resources, total, call.query().startIndex());
    }

    private Map<String, Object> byCursor(Call call, String text) {
        String digest = PageCursor.digest(call.source().value(), call.types(), call.query());
        Optional<PageCursor> at = Optional.of(text).filter(cursor -> !cursor.isEmpty()).map(cursor -> PageCursor.of(cursor, digest));
        if (at.isPresent() && !call.types().contains(at.get().type())) {
            throw PageCursor.invalid();
        }
        if (at.flatMap(PageCursor::place).filter(Sort.Place::backwards).isPresent()) {
            return before(call, at.get(), digest);
        }
        return after(call, at, digest);
    }

    /** The types from the cursor's on, until the page is full; what was counted at the beginning is passed on. */
    private Map<String, Object> after(Call call, Optional<PageCursor> at, String digest) {
        List<Map<String, Object>> resources = new ArrayList<>();
        Optional<PageCursor> next = Optional.empty();
        Optional<Sort.Place> first = Optional.empty();
        long total = at.map(PageCursor::total).orElse(0L);
        int left = call.query().count();
        for (ResourceType type : call.types().subList(at.map(PageCursor::type).map(call.types()::indexOf).orElse(0), call.types().size())) {
            Optional<Sort.Place> place = at.filter(cursor -> cursor.type() == type).flatMap(PageCursor::place);
            Shown shown = shown(call, type, place, 0, next.isPresent() ? 0 : left, at.isEmpty());
            resources.addAll(rendered(call, type, shown.rows()));
            left -= shown.rows().size();
            total += shown.total().orElse(0L);
            first = first.or(() -> shown.rows().stream().findFirst().map(Listed::place));
            if (next.isEmpty() && (shown.more() || left == 0 && type != call.types().getLast())) {
                next = Optional.of(shown.more() ? new PageCursor(type, 0, Optional.of(shown.rows().getLast().place())) : new PageCursor(call.types().getLast(), 0, Optional.empty()));
            }
        }
        long all = total;
        Optional<PageCursor> previous = call.types().size() > 1 || at.isEmpty() ? Optional.empty() : first.map(place -> back(call.types().getFirst(), all, place));
        return Lists.of(resources, all, next.map(cursor -> new PageCursor(cursor.type(), all, cursor.place()).text(digest)), previous.map(cursor -> cursor.text(digest)));
    }

    /** The page that ends before a place; it was read towards the beginning, and is shown in order. */
    private Map<String, Object> before(Call call, PageCursor at, String digest) {
        ResourceType type = at.type();
        Shown shown = shown(call, type, at.place(), 0, call.query().count(), false);
        List<Listed> rows = shown.rows().reversed();
        Optional<PageCursor> previous = shown.more() ? Optional.of(back(type, at.total(), rows.getFirst().place())) : Optional.empty();
        PageCursor next = new PageCursor(type, at.total(), rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().place()));
        return Lists.of(rendered(call, type, rows), at.total(), Optional.of(next.text(digest)), previous.map(cursor -> cursor.text(digest)));
    }

    /** Users and groups by one attribute (RFC 7644, 3.4.2.3); by what all of a type share, one type after the other. */
    private Map<String, Object> inOneOrder(Call call) {
        List<Sort> sorts = call.types().stream().map(type -> Sorting.of(type, call.types(), call.query())).toList();
        if (sorts.stream().allMatch(sort -> sort.by() instanceof Sort.Nothing)) {
            Comparator<ResourceType> byName = Comparator.comparing(type -> type.label);
            Call ordered = new Call(call.types().stream().sorted(call.query().descending() ? byName.reversed() : byName).toList(), call.source(), call.query(), call.base(), call.repairs(), call.since());
            return call.query().cursor().map(cursor -> byCursor(ordered, cursor)).orElseGet(() -> byIndex(ordered));
        }
        String digest = PageCursor.digest(call.source().value(), call.types(), call.query());
        Optional<PageCursor> at = call.query().cursor().filter(cursor -> !cursor.isEmpty()).map(cursor -> PageCursor.of(cursor, digest));
        long offset = call.query().cursor().isPresent() ? 0 : call.query().startIndex() - 1;
        ScimReads.MixedPage page = mixed(call, at.flatMap(PageCursor::place), offset, at.isEmpty());
        List<Mixed> rows = fittingOf(call, page.rows());
        boolean more = page.more() || rows.size() < page.rows().size();
        long total = page.total().or(() -> at.map(PageCursor::total)).orElse(0L);
        List<Map<String, Object>> resources = rendered(call, rows);
        if (call.query().cursor().isEmpty()) {
            return Lists.of(resources, total, call.query().startIndex());
        }
        Optional<String> next = more ? Optional.of(new PageCursor(call.types().getFirst(), total, Optional.of(rows.getLast().listed().place())).text(digest)) : Optional.empty();
        return Lists.of(resources, total, next, Optional.empty());
    }

    private ScimReads.MixedPage mixed(Call call, Optional<Sort.Place> place, long offset, boolean counts) {
        return told(() -> reads.both(call.source(), wish(call, ResourceType.USER, place, offset, call.query().count(), counts), wish(call, ResourceType.GROUP, place, offset, call.query().count(), counts)));
    }

    private List<Mixed> fittingOf(Call call, List<Mixed> rows) {
        if (!rendering(call, ResourceType.GROUP).showsMembers(false)) {
            return rows;
        }
        List<Listed> groups = rows.stream().filter(row -> !row.user()).map(Mixed::listed).toList();
        List<Listed> fitting = fitting(groups);
        return fitting.size() == groups.size() ? rows : rows.subList(0, rows.indexOf(new Mixed(false, groups.get(fitting.size()))));
    }

    private List<Map<String, Object>> rendered(Call call, List<Mixed> rows) {
        Iterator<Map<String, Object>> users = rendered(call, ResourceType.USER, rows.stream().filter(Mixed::user).map(Mixed::listed).toList()).iterator();
        Iterator<Map<String, Object>> groups = rendered(call, ResourceType.GROUP, rows.stream().filter(row -> !row.user()).map(Mixed::listed).toList()).iterator();
        return rows.stream().map(row -> row.user() ? users.next() : groups.next()).toList();
    }

    private static PageCursor back(ResourceType type, long total, Sort.Place place) {
        return new PageCursor(type, total, Optional.of(new Sort.Place(true, place.value(), place.id())));
    }

    private Shown shown(Call call, ResourceType type, Optional<Sort.Place> place, long offset, int count, boolean counts) {
        ScimReads.Wish wish = wish(call, type, place, offset, count, counts);
        ScimReads.Page page = told(() -> type == ResourceType.USER ? reads.users(call.source(), wish) : reads.groups(call.source(), wish));
        List<Listed> rows = type == ResourceType.GROUP && rendering(call, type).showsMembers(false) ? fitting(page.rows()) : page.rows();
        return new Shown(rows, page.more() || rows.size() < page.rows().size(), page.total());
    }

    private static ScimReads.Wish wish(Call call, ResourceType type, Optional<Sort.Place> place, long offset, int count, boolean counts) {
        Optional<Match> match = call.query().filter().map(filter -> new Conditions(type, call.repairs()).of(filter));
        return new ScimReads.Wish(match, Sorting.of(type, call.types(), call.query()), place, offset, count, counts, call.since());
    }

    private static <T> T told(Supplier<T> read) {
        try {
            return read.get();
        } catch (ScimReads.TooSlow slow) {
            throw ScimError.tooMany("the filter or order has to look at too much; ask for less, or by userName, externalId or id");
        } catch (ScimReads.NoPlace none) {
            throw PageCursor.invalid();
        }
    }

    private List<Listed> fitting(List<Listed> rows) {
        Map<UUID, Long> sizes = reads.sizes(ids(rows));
        List<Listed> fitting = new ArrayList<>();
        long members = 0;
        for (Listed listed : rows) {
            members += sizes.getOrDefault(listed.row().id(), 0L);
            if (!fitting.isEmpty() && members > MOST_MEMBERS) {
                break;
            }
            fitting.add(listed);
        }
        return fitting;
    }

    private List<Map<String, Object>> rendered(Call call, ResourceType type, List<Listed> rows) {
        Rendering rendering = rendering(call, type);
        Optional<Map<UUID, List<ScimReads.Member>>> members = reading.members(rendering, type, ids(rows));
        return rows.stream().map(Listed::row).map(row -> rendering.of(row, members.map(all -> all.getOrDefault(row.id(), List.of())))).toList();
    }

    private static Rendering rendering(Call call, ResourceType type) {
        return new Rendering(type, call.base() + "/" + call.source(), Wanted.of(call.query(), type));
    }

    private static List<UUID> ids(List<Listed> rows) {
        return rows.stream().map(Listed::row).map(ScimRow::id).toList();
    }
}
