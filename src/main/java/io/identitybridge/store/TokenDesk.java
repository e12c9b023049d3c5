package io.identitybridge.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Makes and ends the bearer tokens that an IdP pushes with. A source may have several live ones, so that they can be changed without a gap. */
@Repository
public class TokenDesk {
    private static final String NOTE = " insert into audit (actor, via, source, origin, set_hash, changes) select ?, 'operator', source, 'token:' || id,"
            + " coalesce((select hash from active_set order by seq desc limit 1), ''), array[? || ' token ' || id || ' ' || label] from done";

    private final JdbcTemplate jdbc;
    private final SecureRandom random = new SecureRandom();

    public TokenDesk(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param value shown once and kept nowhere: the store has its SHA-256 */
    public record Made(UUID id, String value) {
        /** Never the value. */
        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    /** A token of 256 random bits. */
    public Made create(String source, String label, Optional<Duration> life, String actor) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        Made made = new Made(UUID.randomUUID(), "pib_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        jdbc.update("with done as (insert into token (id, source, hash, label, created_by, expires_at) values (?, ?, ?, ?, ?, now() + ?::bigint * interval '1 second') returning id, source, label)" + NOTE,
                made.id(), source, sha256(made.value()), label, actor, life.map(Duration::toSeconds).orElse(null), actor, "create");
        return made;
    }

    /** Ends a live token; false where the source has none of that id. */
    public boolean revoke(String source, UUID id, String actor) {
        return jdbc.update("with done as (update token set revoked_at = now() where source = ? and id = ? and revoked_at is null returning id, source, label)" + NOTE,
                source, id, actor, "revoke") > 0;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
