package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.Totals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts what each source changed in the last 24 hours, for the guard. */
final class Tallies {
    private static final String LEAVE = "leave";
    private final Sql sql;
    private final Sizes sizes;

    Tallies(Sql sql, Sizes sizes) {
        this.sql = sql;
        this.sizes = sizes;
    }

    /** From here to the end of the transaction nobody else changes what this source has spent. */
    void lock(SourceName source) {
        sql.run("insert into source_state (source) values (?) on conflict do nothing", source.value());
        sql.rows("select 1 from source_state where source = ? for update", (rs, n) -> 0, source.value());
    }

    Held held(SourceName source, Totals totals) {
        return held(source, totals, once(() -> sizes.people(source)), once(() -> sizes.memberships(source)), sizes.workspaces(totals.leaving().keySet()));
    }

    /** Spent to the last one, and sizes that are surely not more than they are: what passes by these passes by the true ones, which take long to count. */
    Held atLeast(SourceName source, Totals totals) {
        return held(source, totals, () -> sizes.atLeastPeople(source), () -> sizes.atLeastMemberships(source), sizes.atLeast(totals.leaving().keySet()));
    }

    private Held held(SourceName source, Totals totals, LongSupplier people, LongSupplier memberships, Map<String, Long> workspaces) {
        Map<ChangeClass, Long> spent = new EnumMap<>(ChangeClass.class);
        Map<String, Long> left = new HashMap<>();
        List<String> classes = new ArrayList<>(totals.byClass().keySet().stream().map(ChangeClass::toString).toList());
        Collection<String> subjects = new ArrayList<>(totals.leaving().keySet());
        if (!subjects.isEmpty()) {
            classes.add(LEAVE);
        }
        subjects.add("");
        if (!classes.isEmpty()) {
            sql.rows("select class, subject, sum(n) from tally where source = ? and class = any(?::text[]) and subject = any(?::text[]) and at > now() - interval '24 hours' group by 1, 2", (rs, n) ->
                    rs.getString(1).equals(LEAVE) ? left.put(rs.getString(2), rs.getLong(3)) : spent.put(kind(rs.getString(1)), rs.getLong(3)), source.value(), classes, subjects);
        }
        return new Held(people, memberships, spent, workspaces, left);
    }

    private static ChangeClass kind(String word) {
        return ChangeClass.valueOf(word.toUpperCase(java.util.Locale.ROOT));
    }

    static void count(Script script, SourceName source, Totals done) {
        Columns rows = new Columns(3);
        done.byClass().forEach((kind, n) -> rows.add(kind, "", n));
        done.leaving().forEach((folded, n) -> rows.add(LEAVE, folded, n));
        rows.write(script, "insert into tally (source, class, subject, n) select ?, * from unnest(?::text[], ?::text[], ?::int[])", source.value());
    }

    private static LongSupplier once(LongSupplier asked) {
        long[] answer = {-1};
        return () -> answer[0] < 0 ? answer[0] = asked.getAsLong() : answer[0];
    }
}
