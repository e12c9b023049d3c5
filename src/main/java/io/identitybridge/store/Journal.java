package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Notes in the audit what somebody asked for, before it is done: what it then changed stands beside it, under the same origin. */
@Repository
public class Journal {
    private final JdbcTemplate jdbc;

    public Journal(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param what one sentence, as {@code pause okta} */
    public void note(Origin origin, Optional<SourceName> source, String setHash, String what) {
        jdbc.update("insert into audit (actor, via, source, origin, set_hash, changes) values (?, ?, ?, ?, ?, array[?])",
                origin.actor(), origin.via(), source.map(SourceName::value).orElse(null), origin.origin(), setHash, what);
    }
}
