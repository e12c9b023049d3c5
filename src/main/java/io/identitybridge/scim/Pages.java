package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Match;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimReads.Listed;
import io.identitybridge.store.ScimRow;
import io.identitybridge.store.Sort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Answers lists: of one type, or of both one after the other; by index (RFC 7644, 3.4.2.4) or by cursor (RFC 9865). */
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
        Map<String, Object> list = call.query().cursor().map(cursor -> byCursor(call, cursor)).orElseGet(() -> byIndex(call));
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

    private static PageCursor back(ResourceType type, long total, Sort.Place place) {
        return new PageCursor(type, total, Optional.of(new Sort.Place(true, place.value(), place.id())));
    }

    private Shown shown(Call call, ResourceType type, Optional<Sort.Place> place, long offset, int count, boolean counts) {
        Optional<Match> match = call.query().filter().map(filter -> new Conditions(type, call.repairs()).of(filter));
        ScimReads.Wish wish = new ScimReads.Wish(match, Sorting.of(type, call.types(), call.query()), place, offset, count, counts, call.since());
        try {
            ScimReads.Page page = type == ResourceType.USER ? reads.users(call.source(), wish) : reads.groups(call.source(), wish);
            List<Listed> rows = type == ResourceType.GROUP && rendering(call, type).showsMembers(false) ? fitting(page.rows()) : page.rows();
            return new Shown(rows, page.more() || rows.size() < page.rows().size(), page.total());
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
        return new Rendering(type, call.base() + "/" + call.source(), Wanted.of(call.query()));
    }

    private static List<UUID> ids(List<Listed> rows) {
        return rows.stream().map(Listed::row).map(ScimRow::id).toList();
    }
}
