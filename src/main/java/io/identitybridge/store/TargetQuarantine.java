package io.identitybridge.store;

import io.identitybridge.model.Quarantine;
import java.time.Duration;
import java.util.Optional;

/**
 * How much of what is sent to Portkey ends in a letter, of all bridges together. Where it is too much, only leavers go on, until a trial of a few keys goes
 * well, what failed is longer ago than the window, or an operator says that it is in order.
 */
public final class TargetQuarantine {
    private static final String ENDED = "update target set quarantined_at = null, quarantine_why = null, trial_at = null, rated_since = now() where quarantined_at is not null returning id";

    private final Sql sql;

    TargetQuarantine(Sql sql) {
        this.sql = sql;
    }

    /** Counts turns that came to an end; gives why it is quarantined where that begins now. */
    public Optional<String> ended(long turns, long failed, Quarantine bounds, String setHash) {
        if (turns == 0) {
            return Optional.empty();
        }
        new SourceRates(sql).add(TargetLetters.SOURCE, turns, failed);
        return failed == 0 ? Optional.empty() : begins(bounds, setHash);
    }

    private Optional<String> begins(Quarantine bounds, String setHash) {
        SourceRates.Rate rate = rate(bounds);
        if (!bounds.isDue(rate.failed(), rate.events())) {
            return Optional.empty();
        }
        String why = said(rate, bounds);
        boolean begun = sql.run("with begun as (update target set quarantined_at = now(), quarantine_why = ?, trial_at = now() + interval '5 minutes' where quarantined_at is null returning id)"
                + " insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', ?, 'quarantine', ?, array['quarantine Portkey: ' || ?] from begun", why, TargetLetters.SOURCE, setHash, why) > 0;
        return begun ? Optional.of(why) : Optional.empty();
    }

    /** Ends it where less fails by now; gives what does, where it ends. */
    public Optional<String> isOver(Quarantine bounds, String setHash) {
        SourceRates.Rate rate = rate(bounds);
        String why = said(rate, bounds);
        return !bounds.isDue(rate.failed(), rate.events()) && end(why, setHash) ? Optional.of(why) : Optional.empty();
    }

    /** Whether this bridge is to try a few keys now: one bridge, once in five minutes. */
    public boolean trial() {
        return sql.run("update target set trial_at = now() + interval '5 minutes' where quarantined_at is not null and coalesce(trial_at, now()) <= now()") > 0;
    }

    /** Ends it for this reason; false where there was none. */
    public boolean end(String why, String setHash) {
        return sql.run("with ended as (" + ENDED + ") insert into audit (actor, via, source, origin, set_hash, changes) select 'system', 'time', ?, 'quarantine', ?, array['quarantine of Portkey is over: ' || ?] from ended",
                TargetLetters.SOURCE, setHash, why) > 0;
    }

    /** Ends it on an operator's word, which the caller audits; false where there was none. */
    public boolean resume() {
        return !sql.rows(ENDED, (rs, n) -> rs.getInt(1)).isEmpty();
    }

    private SourceRates.Rate rate(Quarantine bounds) {
        return sql.row("select coalesce(sum(r.events), 0), coalesce(sum(r.failed), 0) from target t left join source_rate r on r.source = ? and r.minute > now() - make_interval(secs => ?)"
                + " and (t.rated_since is null or r.minute > t.rated_since)", (rs, n) -> new SourceRates.Rate(rs.getLong(1), rs.getLong(2)), TargetLetters.SOURCE, (double) bounds.window().toSeconds()).orElse(new SourceRates.Rate(0, 0));
    }

    private static String said(SourceRates.Rate rate, Quarantine bounds) {
        Duration window = bounds.window();
        return rate.failed() + " of " + rate.events() + " people and workspaces failed within " + window.toMinutes() + " minutes";
    }
}
