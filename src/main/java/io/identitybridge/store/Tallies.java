package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.Totals;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts what each source changed in the last 24 hours, and who left each workspace, for the guard. */
final class Tallies {
    private static final String LEAVE = "leave";
    /** Names these locks among others. */
    private static final int LEAVING = 0x6c656176;
    /** Workspaces share so many, so that a run that touches all of them takes few. */
    private static final int LOCKS = 64;
    private final Sql sql;
    private final Sizes sizes;

    Tallies(Sql sql, Sizes sizes) {
        this.sql = sql;
        this.sizes = sizes;
    }

    /** From here to the end of the transaction nobody else changes what this source has spent, nor lets anybody out of the workspaces that these leave. */
    void lock(SourceName source, Totals totals) {
        sql.run("insert into source_state (source) values (?) on conflict do nothing", source.value());
        sql.rows("select 1 from source_state where source = ? for update", (rs, n) -> 0, source.value());
        if (!totals.leaving().isEmpty()) {
            sql.rows("select pg_advisory_xact_lock(?, place) from (select distinct abs(hashtext(name) %% %d) as place from unnest(?::text[]) as name order by 1) places".formatted(LOCKS), (rs, n) -> 0, LEAVING, totals.leaving().keySet());
        }
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
        List<String> classes = totals.byClass().keySet().stream().map(ChangeClass::toString).toList();
        if (!classes.isEmpty()) {
            sql.rows("select class, sum(n) from tally where source = ? and class = any(?::text[]) and subject = '' and at > now() - interval '24 hours' group by 1", (rs, n) -> spent.put(kind(rs.getString(1)), rs.getLong(2)), source.value(), classes);
        }
        if (!totals.leaving().isEmpty()) { // whoever let them go
            sql.rows("select subject, sum(n) from tally where class = 'leave' and subject = any(?::text[]) and at > now() - interval '24 hours' group by 1", (rs, n) -> left.put(rs.getString(1), rs.getLong(2)), totals.leaving().keySet());
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
