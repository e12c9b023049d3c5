package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link Tokens} made and ended on an operator's word, each with its audit row in one transaction. */
@Repository
public class TokenDesk {
    private final Tokens tokens;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    public TokenDesk(Tokens tokens, JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.tokens = tokens;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** A bearer token. */
    public Tokens.Made create(SourceName source, String label, Optional<Duration> life, String actor) {
        return create(TokenKind.BEARER, source, label, life, actor);
    }

    /** @param kind a bearer token or a client secret; access tokens are made by {@link Tokens#exchange} */
    public Tokens.Made create(TokenKind kind, SourceName source, String label, Optional<Duration> life, String actor) {
        return transactions.execute(status -> {
            Tokens.Made made = tokens.create(kind, source, label, life, actor);
            note("create", source, made.id(), actor);
            return made;
        });
    }

    /** Ends a token, or a client secret with its access tokens; false where the source has no live one of that id. */
    public boolean revoke(SourceName source, UUID id, String actor) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            boolean ended = tokens.revoke(source, id);
            if (ended) {
                note("revoke", source, id, actor);
            }
            return ended;
        }));
    }

    private void note(String verb, SourceName source, UUID id, String actor) {
        jdbc.update("insert into audit (actor, via, source, origin, set_hash, changes) select ?, 'operator', source, 'token:' || id,"
                + " coalesce((select hash from active_set order by seq desc limit 1), ''), array[? || case kind when 'client-secret' then ' client secret ' else ' token ' end || id || ' ' || label] from token where source = ? and id = ?",
                actor, verb, source.value(), id);
    }
}
