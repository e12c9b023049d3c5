package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.source.IdpReader;
import io.identitybridge.source.PointRead;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Staged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Accounts of whom a page said something that was older than a push, or only a part while a push is newer than the rest or they were deleted. A delta will not say
 * it again, so each is asked for by itself once the source's lag has passed; where the IdP cannot be asked for one record, the next whole
 * reading tells.
 */
final class Fenced {
    /** More in one run would be a second pull; the others are asked for in the next. */
    private static final int MOST = 2_000;

    private final Staging staging;
    private final SourceName source;
    private final Hold hold;

    private final Runnable wantWhole;

    /** @param wantWhole asks for a whole reading next time */
    Fenced(Staging staging, Hold hold, Runnable wantWhole) {
        this.staging = staging;
        this.source = hold.source();
        this.hold = hold;
        this.wantWhole = wantWhole;
    }

    /** Stages what they are now; says how many, in words, or nothing. */
    String users(StagingSink sink, IdpReader reader, Supplier<Instant> now) {
        List<Staged> staged = new ArrayList<>();
        for (String id : staging.fenced(source, hold.run(), MOST)) {
            Instant at = now.get();
            switch (reader.pointRead(id)) {
                case PointRead.Gone gone -> staged.add(Absent.gone(id, at));
                case PointRead.Found found -> staged.add(sink.pointRead(id, found.record(), at));
                case PointRead.Unknown unknown -> wantWhole.run();
            }
        }
        staging.records(hold, "users", staged);
        return staged.isEmpty() ? "" : staged.size() + " users asked for again, because a push was newer than what was read of them before, or they were deleted";
    }
}
