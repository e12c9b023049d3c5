package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.UUID;

/**
 * What a run shows with everything it writes: that its bridge has the lease still, and that all it staged is there. A bridge may sleep for longer than its lease lasts,
 * and what it read before is older then than what another has read since; a database that crashed has lost what was staged, and a list without it would take people out.
 */
public record Hold(Lease lease, UUID run) {
    public SourceName source() {
        return lease.source();
    }

    /** Within a transaction, before its first write: as {@link Lease#check}, and {@link Lease.Lost} as well where what was staged is lost. */
    void check(Sql sql) {
        boolean staged = sql.row("select exists (select 1 from stage_run where run_id = ?) from source_state where source = ? and lease_token = ? for key share", (rs, n) -> rs.getBoolean(1), run, source().value(), lease.token())
                .orElseThrow(Lease::lost);
        if (!staged) {
            throw new Lease.Lost("the database has lost what was read so far, as it does when it crashes; nobody is removed, and the source is read again");
        }
    }
}
