package io.identitybridge.store;

import io.identitybridge.model.SourceName;

/** The right of one bridge to read a source. {@code token}: larger than that of whoever had it before. */
public record Lease(SourceName source, long token) {
    /** Whoever has it no more may write nothing. Of the transaction that found it out nothing is kept. */
    public static final class Lost extends RuntimeException {
        Lost(String message) {
            super(message, null, false, false);
        }
    }

    /** Within a transaction, before its first write: nobody takes the source over until that has ended. {@link Lost} where somebody has. */
    void check(Sql sql) {
        sql.row("select 1 from source_state where source = ? and lease_token = ? for key share", (rs, n) -> true, source.value(), token).orElseThrow(Lease::lost);
    }

    static Lost lost() {
        return new Lost("the source was paused or released, or another bridge took it over, while it was read");
    }
}
