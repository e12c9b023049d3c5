package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.UUID;

/** What a presented token is worth where it was presented. */
public sealed interface TokenCheck {
    /** A living token of this source. */
    record Good(UUID token, SourceName source) implements TokenCheck {
    }

    /** Was a token once; its time is over. */
    record Expired() implements TokenCheck {
    }

    /** A living client secret where a token is asked for. */
    record ClientSecret() implements TokenCheck {
    }

    /** Never made here, or revoked. */
    record Unknown() implements TokenCheck {
    }
}
