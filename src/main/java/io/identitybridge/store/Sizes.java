package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How much each source and workspace holds. Counting takes long where there is much, so what was counted within a minute is known. */
final class Sizes {
    private static final long KNOWN = Duration.ofMinutes(1).toNanos();
    /** A workspace this large or larger is not counted anew for every change. */
    private static final int LARGE = 100;
    private final Sql sql;
    private final Map<String, Counted> counted = new ConcurrentHashMap<>();

    private record Counted(long number, long at) {
        boolean known() {
            return System.nanoTime() - at < KNOWN;
        }
    }

    Sizes(Sql sql) {
        this.sql = sql;
    }

    /** People that accounts of this source stand for. */
    long people(SourceName source) {
        return note("people " + source, sql.number("select count(distinct l.person_id) from link l join person p on p.id = l.person_id where l.source = ? and p.status = 'active'", source.value()));
    }

    /** Workspace memberships that this source gives. */
    long memberships(SourceName source) {
        return note("memberships " + source, sql.number("select count(*) from (select 1 from grants where source = ? group by person_id, workspace_id) held", source.value()));
    }

    /** Members of these workspaces, by folded name. */
    Map<String, Long> workspaces(Collection<String> folded) {
        Map<String, Long> sizes = new HashMap<>();
        if (!folded.isEmpty()) {
            sql.rows("select w.name_folded, count(*) from workspace w join membership m on m.workspace_id = w.id where w.status = 'active' and w.name_folded = any(?::text[]) group by 1",
                    (rs, n) -> sizes.put(rs.getString(1), note("workspace " + rs.getString(1), rs.getLong(2))), folded);
        }
        return sizes;
    }

    /** Half of the people counted within a minute: not more than there are, since only an operator's approval takes so many away at once, and that forgets what was counted. */
    long atLeastPeople(SourceName source) {
        return last("people " + source).orElseGet(() -> people(source)) / 2;
    }

    /** Likewise of the memberships. */
    long atLeastMemberships(SourceName source) {
        return last("memberships " + source).orElseGet(() -> memberships(source)) / 2;
    }

    /** After something that no limit has bound. */
    void forget() {
        counted.clear();
    }

    private Optional<Long> last(String what) {
        return Optional.ofNullable(counted.get(what)).filter(Counted::known).map(Counted::number);
    }

    /** Likewise for workspaces; small ones are counted, since a few make a share of them. */
    Map<String, Long> atLeast(Collection<String> folded) {
        Map<String, Long> sizes = new HashMap<>();
        for (String name : folded) {
            last("workspace " + name).filter(number -> number >= LARGE).ifPresent(number -> sizes.put(name, number / 2));
        }
        List<String> others = folded.stream().filter(name -> !sizes.containsKey(name)).toList();
        sizes.putAll(workspaces(others));
        return sizes;
    }

    private long note(String what, long number) {
        counted.values().removeIf(old -> counted.size() > 10_000 && !old.known());
        counted.put(what, new Counted(number, System.nanoTime()));
        return number;
    }
}
