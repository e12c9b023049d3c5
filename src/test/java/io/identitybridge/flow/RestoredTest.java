package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** A database that is put back to an earlier state knows less than Portkey: nothing is written until somebody has looked. */
@Tag("real")
class RestoredTest {
    private static final String EVERY_TABLE = "select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename !~ '^(qrtz_|flyway_)' order by 1";

    @Test
    void after_a_restore_nothing_is_written_until_an_operator_has_looked_whether_the_bridge_ran_on_or_not(@TempDir Path folder) throws Exception {
        List<String> database = TestDatabase.freshAddress();
        try (StandInPortkey portkey = new StandInPortkey(0, "/v1")) {
            BridgeFiles files = BridgeFiles.of(folder, "okta-app").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d, lag: 1s}\nswitches:");
            String[] settings = {"PORTKEY_URL=" + portkey.adminUrl(), "PORTKEY_ADMIN_KEY=" + StandInPortkey.ADMIN_KEY};
            try (TestBridge bridge = TestBridge.start(database, files, folder.resolve("data"), settings)) {
                applies(bridge);
                push(bridge, "ada");
                PortkeyBridge.await(() -> portkey.state().pending("ada@acme.com").isPresent(), true);
                settled(bridge);
                backUp(bridge.sql);
                push(bridge, "bob");
                PortkeyBridge.await(() -> portkey.state().pending("bob@acme.com").isPresent(), true);
                settled(bridge);
                bridge.api("POST", "/target/read", "");
                again(() -> restore(bridge));
                PortkeyBridge.await(() -> mode(bridge), "observe");
                looks(bridge, portkey, "cleo");
                applies(bridge);
                PortkeyBridge.await(() -> portkey.state().pending("cleo@acme.com").isPresent(), true);
                settled(bridge);
                bridge.api("POST", "/target/read", "");
                assertThat(mode(bridge)).as("an operator's word holds").isEqualTo("apply");
                again(() -> restore(bridge));
            }
            try (TestBridge bridge = TestBridge.start(database, files, folder.resolve("data"), settings)) {
                PortkeyBridge.await(() -> mode(bridge), "observe");
                looks(bridge, portkey, "dan");
            }
        }
    }

    private static void looks(TestBridge bridge, StandInPortkey portkey, String newcomer) {
        assertThat(bridge.sql.queryForObject("select mode_why from target", String.class)).startsWith("the database was restored");
        push(bridge, newcomer);
        bridge.api("POST", "/target/read", "");
        assertThat(bridge.sql.queryForList("select email from target_person where owner = 'unmanaged'", String.class)).as("of whom the backup knows nothing").contains("bob@acme.com");
        assertThat(bridge.api("GET", "/target/plan?kind=missing", "").body().path("lines").toString()).contains("invite " + newcomer + "@acme.com");
        assertThat(portkey.state().pending(newcomer + "@acme.com")).isEmpty();
    }

    private static void applies(TestBridge bridge) {
        PortkeyBridge.await(() -> bridge.count("select count(*) from target where read_at is not null"), 1L);
        bridge.bean(io.identitybridge.store.TargetState.class).mode(true, "test", "for the test");
    }

    private static String mode(TestBridge bridge) {
        return bridge.sql.queryForObject("select mode from target", String.class);
    }

    private static void push(TestBridge bridge, String name) {
        bridge.scim("okta-app", "POST", "/Users", TestBridge.user(name, name + "@acme.com", true));
    }

    private static void settled(TestBridge bridge) {
        PortkeyBridge.await(() -> bridge.count("select count(*) from outbox where due_at <= now() + interval '1 minute'"), 0L);
    }

    /** As {@code pg_dump} has it: every row, and where each sequence stands. */
    private static void backUp(JdbcTemplate sql) {
        sql.execute("create schema backup");
        sql.queryForList(EVERY_TABLE, String.class).forEach(table -> sql.execute("create table backup." + table + " as select * from public." + table));
        sql.execute("create table backup.sequences as select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null");
    }

    /** What works in the database meanwhile may be in the way. */
    private static void again(Runnable restore) {
        for (int tries = 1; ; tries++) {
            try {
                restore.run();
                return;
            } catch (ConcurrencyFailureException deadlock) {
                if (tries == 20) {
                    throw deadlock;
                }
                TestBridge.pause(100);
            }
        }
    }

    /** As {@code pg_restore} into the same database: one transaction, which nobody sees the middle of. */
    private static void restore(TestBridge bridge) {
        JdbcTemplate sql = bridge.sql;
        List<String> tables = sql.queryForList(EVERY_TABLE, String.class);
        bridge.bean(TransactionTemplate.class).executeWithoutResult(tx -> {
            sql.execute("set local session_replication_role = replica");
            sql.execute("lock table target in access exclusive mode");
            sql.execute("truncate " + String.join(", ", tables));
            for (String table : tables) {
                String names = String.join(", ", sql.queryForList("select quote_ident(column_name) from information_schema.columns where table_schema = 'public' and table_name = ? and is_generated = 'NEVER' order by ordinal_position", String.class, table.replace("\"", "")));
                sql.execute("insert into public." + table + " (" + names + ") overriding system value select " + names + " from backup." + table);
            }
            sql.queryForList("select setval('public.' || quote_ident(sequencename), last_value) from backup.sequences", Long.class);
        });
    }
}
