package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A bearer token or client secret of one source, without its secret, which nobody holds but the client. */
public record Token(UUID id, SourceName source, TokenKind kind, String label, Instant createdAt, String createdBy,
                    Optional<Instant> expiresAt, Optional<Instant> revokedAt, Optional<Instant> lastUsed) {
}
