package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Memberships that a run has staged, on their way into the directory: a stretch of members, or some groups, a transaction. */
final class StagedMembers {
    private static final int STRETCH = 10_000;
    private static final int GROUPS = 200;
    private final Sql sql;
    private final Groups groups;
    private final Ledger ledger;

    StagedMembers(Sql sql, Groups groups, Ledger ledger) {
        this.sql = sql;
        this.groups = groups;
        this.ledger = ledger;
    }

    /** Takes them into their groups; {@code whole} groups, by their IdP's ids, lose who was not staged, others whom the run names as removed. */
    void take(Hold hold, List<String> whole, Duration lag, Trigger trigger) {
        UUID run = hold.run();
        SourceName source = hold.source();
        Optional<Drift> drift = Optional.of(new Drift(sql)).filter(told -> told.pushes(source, false));
        ledger.held(hold, now -> sql.run("analyze stage_member, account, directory_group")); // fresh tables have no statistics, and a join without them takes minutes
        String from = "";
        for (Optional<String> to = groups.stretch(run, from, STRETCH); to.isPresent(); to = groups.stretch(run, from, STRETCH)) {
            String start = from;
            String end = to.get();
            ledger.held(hold, now -> {
                drift.ifPresent(told -> told.joining(run, source, start, end, lag));
                groups.addStaged(run, source, start, end, lag, trigger);
                return null;
            });
            from = end;
        }
        for (List<String> part : Sql.chunks(whole, GROUPS)) {
            ledger.held(hold, now -> {
                List<UUID> ids = groups.byExternalId(source, part).values().stream().map(GroupFact::id).toList();
                drift.ifPresent(told -> told.leaving(run, source, ids, lag));
                groups.removeUnstaged(run, ids, source.value(), lag, trigger);
                return null;
            });
        }
        ledger.held(hold, now -> {
            drift.ifPresent(told -> told.removed(run, source, lag));
            groups.removeStaged(run, source, lag, trigger);
            return null;
        });
    }
}
