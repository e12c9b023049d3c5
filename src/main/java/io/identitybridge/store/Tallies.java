package io.identitybridge.store;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.Totals;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts what each source changed in the last 24 hours, for the guard. */
final class Tallies {
    private static final String WINDOW = " and at > now() - interval '24 hours'";

    private final Sql sql;

    Tallies(Sql sql) {
        this.sql = sql;
    }

    /** From here to the end of the transaction nobody else changes what this source has spent. */
    void lock(SourceName source) {
        sql.run("insert into source_state (source) values (?) on conflict do nothing", source.value());
        sql.rows("select 1 from source_state where source = ? for update", (rs, n) -> 0, source.value());
    }

    Held held(SourceName source, Totals totals) {
        Map<ChangeClass, Long> spent = new EnumMap<>(ChangeClass.class);
        for (ChangeClass kind : totals.byClass().keySet()) {
            spent.put(kind, sql.number("select coalesce(sum(n), 0) from tally where source = ? and class = ? and subject = ''" + WINDOW, source.value(), kind.toString()));
        }
        Map<String, Long> sizes = new HashMap<>();
        Map<String, Long> left = new HashMap<>();
        if (!totals.leaving().isEmpty()) {
            sql.rows("select w.name_folded, count(*) from workspace w join membership m on m.workspace_id = w.id where w.status = 'active' and w.name_folded = any(?::text[]) group by 1",
                    (rs, n) -> sizes.put(rs.getString(1), rs.getLong(2)), totals.leaving().keySet());
            sql.rows("select subject, sum(n) from tally where source = ? and class = 'leave' and subject = any(?::text[])" + WINDOW + " group by 1",
                    (rs, n) -> left.put(rs.getString(1), rs.getLong(2)), source.value(), totals.leaving().keySet());
        }
        return new Held(once(() -> sql.number("select count(distinct l.person_id) from link l join person p on p.id = l.person_id where l.source = ? and p.status = 'active'", source.value())),
                once(() -> sql.number("select count(*) from (select 1 from grants where source = ? group by person_id, workspace_id) held", source.value())), spent, sizes, left);
    }

    void count(SourceName source, Totals done) {
        done.byClass().forEach((kind, n) -> sql.run("insert into tally (source, class, n) values (?, ?, ?)", source.value(), kind.toString(), n.intValue()));
        done.leaving().forEach((folded, n) -> sql.run("insert into tally (source, class, subject, n) values (?, 'leave', ?, ?)", source.value(), folded, n.intValue()));
    }

    private static LongSupplier once(LongSupplier asked) {
        long[] answer = {-1};
        return () -> answer[0] < 0 ? answer[0] = asked.getAsLong() : answer[0];
    }
}
