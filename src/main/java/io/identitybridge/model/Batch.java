package io.identitybridge.model;

import java.util.UUID;

/** What both ways produce: a handle, never the records themselves. Only a complete {@link Snapshot} gives absence a meaning. */
public sealed interface Batch {
    SourceName source();

    /**
     * A whole directory, read to its last page: it cannot be had without the {@link Proof} that the reading engine gives there.
     *
     * @param run the run whose staged records hold what changed
     */
    record Snapshot(SourceName source, UUID run, Proof proof) implements Batch {
    }

    /** Some changes: of a delta pull ({@code Staged}) or of one push. */
    sealed interface Delta extends Batch {
    }

    /** The changes of one delta pull, staged under its run. */
    record Staged(SourceName source, UUID run) implements Delta {
    }

    /** One pushed change, see {@link Push}. */
    record Pushed(SourceName source, String request, Push push) implements Delta {
    }
}
