package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.files.FileReader;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Item;
import io.identitybridge.source.PageRead;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Lease;
import io.identitybridge.store.Staging;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A reading that goes on where it broke off knows which lists it has, and which it only had while nobody pushed. */
class StagingSinkTest {
    private static final SourceName LAB = new SourceName("lab");
    private static final Instant ASKED = Instant.now();
    private static final List<String> MEMBERS = List.of("u1", "u2");
    private final UUID run = UUID.randomUUID();
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final Staging staging = new Staging(sql, new TransactionTemplate(new JdbcTransactionManager(database)));
    @TempDir
    Path folder;
    private Active active;

    @BeforeEach
    void read() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        sql.update("insert into source_state (source) values ('lab')");
        active = Active.of(FileReader.read(FileReader.texts(files.routes, files.mappings)));
    }

    @Test
    void a_list_that_was_the_directorys_own_is_read_again_once_a_push_has_changed_it() {
        holds(listed(UUID.randomUUID()));
        begun();
        assertThat(sql.queryForObject("select count(*) from stage_member where run_id = ?", Long.class, run)).as("it was the same, and nothing was staged").isZero();
        assertThat(goesOn().progress("members", "g1")).as("it is had").isPresent();
        sql.update("update directory_group set pushed_at = now() + interval '1 minute'");
        assertThat(goesOn().progress("members", "g1")).as("a whole list with nobody in it would take everybody out").isEmpty();
    }

    @Test
    void a_list_that_was_staged_is_had_whatever_was_pushed_since() {
        holds(new byte[8]);
        begun();
        sql.update("update directory_group set pushed_at = now() + interval '1 minute'");
        assertThat(goesOn().progress("members", "g1")).isPresent();
        assertThat(sql.queryForList("select member from stage_member where run_id = ? order by 1", String.class, run)).isEqualTo(MEMBERS);
    }

    private void begun() {
        goesOn().members("g1", MEMBERS, ASKED);
    }

    /** A sink of the run that has read the groups. */
    private StagingSink goesOn() {
        return sink(run);
    }

    private StagingSink sink(UUID of) {
        Hold hold = new Hold(new Lease(LAB, 0), of);
        staging.open(hold);
        StagingSink sink = new StagingSink(staging, hold, active.mapping(LAB).orElseThrow(), active.files().source(LAB).orElseThrow(), active.deprovision(LAB).missingAfter(), Clock.systemUTC(), () -> { });
        sink.groups(new PageRead("groups", 1, Optional.empty(), List.of(new Item("g1", false, Map.of("id", "g1", "profile", Map.of("name", "ws-Sales-role-member")))), ASKED));
        return sink;
    }

    /** What a run makes of the list. */
    private byte[] listed(UUID other) {
        sink(other).members("g1", MEMBERS, ASKED);
        return sql.queryForObject("select members from stage_record where run_id = ? and resource = 'groups' and id = 'g1'", byte[].class, other);
    }

    private void holds(byte[] members) {
        sql.update("insert into directory_group (id, source, external_id, display_name, pulled_members, pulled_at) values (?, 'lab', 'g1', 'ws-Sales-role-member', ?, now())", UUID.randomUUID(), members);
    }
}
