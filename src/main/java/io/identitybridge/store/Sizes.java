package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How much each source and workspace holds. Counting takes long where there is much, so what was counted within a minute is known. */
final class Sizes {
    private static final long KNOWN = Duration.ofMinutes(1).toNanos();
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

    /** At least so many, people or memberships: half of what was counted within a minute. */
    long atLeast(String what, SourceName source, Supplier<Long> count) {
        Counted last = counted.get(what + " " + source);
        return (last != null && last.known() ? last.number() : count.get()) / 2;
    }

    /** Likewise for workspaces; small ones are counted, since a few make a share of them. */
    Map<String, Long> atLeast(Collection<String> folded) {
        Map<String, Long> sizes = new HashMap<>();
        for (String name : folded) {
            Counted last = counted.get("workspace " + name);
            if (last != null && last.known() && last.number() >= LARGE) {
                sizes.put(name, last.number() / 2);
            }
        }
        List<String> others = folded.stream().filter(name -> !sizes.containsKey(name)).toList();
        sizes.putAll(workspaces(others));
        return sizes;
    }

    private static final int LARGE = 100;

    private long note(String what, long number) {
        counted.values().removeIf(old -> counted.size() > 10_000 && !old.known());
        counted.put(what, new Counted(number, System.nanoTime()));
        return number;
    }
}
