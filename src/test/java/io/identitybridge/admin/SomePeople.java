package io.identitybridge.admin;

import io.identitybridge.store.Seals;
import io.identitybridge.store.TestLetters;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows that a bridge would have written: Ada in Sales by a group and a rule, Grace archived, Bob held back by a letter and a plan. */
public final class SomePeople {
    public static final UUID ADA = new UUID(1, 1);
    public static final UUID GRACE = new UUID(1, 2);
    public static final UUID BOB_ACCOUNT = new UUID(2, 3);
    public static final UUID SALES = new UUID(3, 1);
    public static final UUID GROUP = new UUID(4, 1);
    public static final UUID RUN = RecordingControls.RUN;

    private SomePeople() {
    }

    public static void write(JdbcTemplate sql, Seals seals) {
        new TransactionTemplate(new DataSourceTransactionManager(sql.getDataSource())).executeWithoutResult(tx -> write(sql)); // at once, as a bridge does: its clocks look meanwhile
        TestLetters.seal(sql, seals, "{\"login\":\"b\"}");
    }

    private static void write(JdbcTemplate sql) {
        sql.update("insert into active_set (hash, contents, activated_by) values ('h1', '{\"mappings/okta.yaml\": \"text\"}', 'system')");
        sql.update("insert into source_state (source, last_success, pulled_before) values ('okta', '2026-11-01T10:00:00Z', true)");
        sql.update("insert into run (id, source, complete, status, actor, bridge, set_hash, started_at, ended_at, seen) values (?, 'okta', true, 'done', 'system', 'b1', 'h1', '2026-11-01T09:00Z', '2026-11-01T10:00Z', '{\"users\": 3}')", RUN);
        person(sql, ADA, "Ada@acme.com", "active");
        person(sql, GRACE, "grace@acme.com", "archived");
        account(sql, new UUID(2, 1), "u1", "Ada@acme.com", "IN");
        account(sql, new UUID(2, 2), "u2", "grace@acme.com", "LEFT");
        account(sql, BOB_ACCOUNT, "u3", "bob@acme.com", "IN");
        sql.update("insert into link (account_id, person_id, source, linked_by) values (?, ?, 'okta', 'email'), (?, ?, 'okta', 'email')", new UUID(2, 1), ADA, new UUID(2, 2), GRACE);
        sql.update("insert into workspace (id, name, name_folded, source) values (?, 'Sales', 'sales', 'okta'), (?, 'Empty', 'empty', 'okta')", SALES, new UUID(3, 2));
        sql.update("insert into membership (person_id, workspace_id, role) values (?, ?, 'admin')", ADA, SALES);
        sql.update("insert into directory_group (id, source, external_id, display_name) values (?, 'okta', 'g1', 'ws-Sales-role-admin')", GROUP);
        grant(sql, "group:" + GROUP, "admin", "mappings/okta.yaml:26");
        grant(sql, "rule:mappings/okta.yaml:31", "member", "mappings/okta.yaml:31");
        sql.update("insert into audit (actor, via, source, origin, person_id, set_hash, changes) values ('source:okta', 'pull', 'okta', ?, ?, 'h1', array['create user Ada@acme.com', 'add Ada@acme.com to Sales as admin'])", "run:" + RUN, ADA);
        letter(sql, "u3", "user u3: email: no value for 'record.email'", "MAPPING_POISON|user|email|no value");
        letter(sql, "u4", "user u4: email: no value for 'record.email'", "MAPPING_POISON|user|email|no value");
        letter(sql, "u5", "user u5: admit: not a bool", "MAPPING_POISON|user|admit|not a bool");
        sql.update("insert into plan (source, cause, reasons, set_hash) values ('okta', 'push', array['archive: 6 of 10 in 24 hours, at most 5'], 'h1')");
        line(sql, 1, "archive user bob@acme.com", BOB_ACCOUNT);
        line(sql, 2, "archive user eve@acme.com", new UUID(2, 9));
        sql.update("insert into request_log (id, source, method, path, meaning, status, millis, client) values (?, 'okta', 'POST', '/scim/v2/okta/Users', 'create a user', 201, 12, 'Okta')", new UUID(5, 1));
    }

    private static void person(JdbcTemplate sql, UUID id, String email, String status) {
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status, created_at, archived_at) values (?, ?, lower(?), ?, ?, ?, '2026-11-01T10:00Z', case when ? = 'archived' then timestamptz '2026-11-02T10:00Z' end)",
                id, email, email, email, email.substring(0, email.indexOf('@')), status, status);
    }

    private static void account(JdbcTemplate sql, UUID id, String external, String email, String standing) {
        sql.update("insert into account (id, source, external_id, user_name, email, active, standing) values (?, 'okta', ?, ?, ?, true, ?)", id, external, email, email, standing);
    }

    private static void grant(JdbcTemplate sql, String reason, String role, String rule) {
        sql.update("insert into grants (person_id, workspace_id, source, reason, role, rule) values (?, ?, 'okta', ?, ?, ?)", ADA, SALES, reason, role, rule);
    }

    private static void letter(JdbcTemplate sql, String key, String sentence, String fingerprint) {
        sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, unknown, origin, set_hash) values ('okta', 'user', ?, 1, 'MAPPING_POISON', 'map', ?, ?, array['phone'], ?, 'h1')",
                key, sentence, fingerprint, "run:" + RUN);
    }

    private static void line(JdbcTemplate sql, int n, String sentence, UUID account) {
        sql.update("insert into plan_line (plan_id, n, account_id, class, sentence, reason, facts) values (1, ?, ?, 'archive', ?, 'archive: 6 of 10 in 24 hours, at most 5', '\\x00')", n, account, sentence);
    }
}
