package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is kept for a time only is gone after it, and nothing else. */
class RetentionTest {
    private static final String OLD = "now() - interval '46 days'";
    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database);
    private final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(database));
    private final Retention retention = new Retention(sql, transactions, new Staging(sql, transactions), new Runs(sql, transactions));

    @Test
    void a_tombstone_goes_after_45_days_with_its_link_and_memberships_while_person_and_audit_stay() {
        UUID gone = account("gone", OLD);
        UUID recent = account("recent", "now() - interval '44 days'");
        UUID person = person("archived", gone);
        UUID group = group("null");
        member(group, gone);
        member(group, recent);
        sql.update("insert into audit (actor, via, person_id, set_hash, changes) values ('operator', 'operator', ?, 'h', array['archive user x'])", person);
        retention.run();
        assertThat(keys("account", "external_id")).containsExactly("recent");
        assertThat(count("link") + " " + count("group_member") + " " + count("person") + " " + count("audit")).isEqualTo("0 1 1 1");
    }

    @Test
    void an_account_stays_while_only_it_could_archive_its_person_or_something_of_it_waits() {
        person("active", account("the only one", OLD));
        UUID other = account("one of two", OLD);
        UUID person = person("active", other);
        link(account("the other", "null"), person);
        UUID due = account("due", OLD);
        sql.update("insert into due (account_id, source, cause) values (?, 'okta', 'x')", due);
        UUID held = account("held", OLD);
        line(plan("held", "null"), 1, "held", held);
        retention.run();
        assertThat(keys("account", "external_id")).containsExactly("due", "held", "the only one", "the other");
    }

    @Test
    void an_account_stays_while_another_one_could_bring_back_whom_it_keeps_out() {
        UUID gone = account("gone", OLD);
        UUID person = person("archived", gone);
        UUID living = account("living elsewhere", "null");
        link(living, person);
        retention.run();
        assertThat(keys("account", "external_id")).containsExactly("gone", "living elsewhere");
        sql.update("update account set gone_at = " + OLD + " where id = ?", living);
        retention.run();
        assertThat(keys("account", "external_id")).isEmpty();
    }

    @Test
    void a_group_goes_after_45_days_unless_a_role_still_rests_on_it() {
        UUID free = group(OLD);
        member(free, account("a", "null"));
        sql.update("insert into pending_member (group_id, ref, pushed) values (?, 'x', true)", free);
        UUID used = group(OLD);
        UUID workspace = UUID.randomUUID();
        sql.update("insert into workspace (id, name, name_folded) values (?, 'W', 'w')", workspace);
        sql.update("insert into grants (person_id, workspace_id, source, reason, role, rule) values (?, ?, 'okta', ?, 'member', 'f:1')", person("active", account("b", "null")), workspace, "group:" + used);
        retention.run();
        assertThat(sql.queryForList("select id from directory_group", UUID.class)).containsExactly(used);
        assertThat(count("pending_member") + count("group_member")).isZero();
    }

    @Test
    void closed_letters_go_after_7_days_and_open_ones_never() {
        letter("open", "null", "1000 days");
        letter("superseded", "now() - interval '6 days'", "1000 days");
        letter("discarded", "now() - interval '8 days'", "9 days");
        retention.run();
        assertThat(keys("dead_letter", "status")).containsExactly("open", "superseded");
    }

    @Test
    void a_message_about_letters_goes_7_days_after_it_was_sent_and_stays_until_then() {
        sql.update("insert into letter_raise (digest, letters, ids, due_at, tried, sent_at) values ('a', 1, '{1}', now() - interval '30 days', 9, null), ('b', 1, '{2}', now() - interval '9 days', 1, now() - interval '8 days'),"
                + " ('b', 1, '{3}', now() - interval '6 days', 1, now() - interval '6 days')");
        assertThat(retention.run()).containsEntry("letter_raise", 1);
        assertThat(sql.queryForList("select ids[1] from letter_raise order by id", Long.class)).containsExactly(1L, 3L);
    }

    @Test
    void a_message_whose_letters_are_gone_is_passed_over_for_the_next() {
        letter("open", "null", "1 hour");
        Raises raises = new Raises(sql);
        raises.gather();
        sql.update("insert into letter_raise (digest, letters, ids, due_at) values ('gone', 1, '{999}', now() - interval '1 hour')");
        assertThat(raises.take()).hasValueSatisfying(raise -> assertThat(raise.letters()).isEqualTo(1));
        assertThat(raises.take()).isEmpty();
        assertThat(count("letter_raise where sent_at is not null")).isOne();
    }

    @Test
    void a_key_goes_with_the_last_letter_that_it_seals_and_not_before() {
        letter("open", null, "60 days");
        sql.update("update dead_letter set subject = '\\x01'");
        sql.update("insert into person_cipher (subject, key, made_at, forgotten_at) values ('\\x01', '\\x00', now() - interval '60 days', null), ('\\x02', '\\x00', now() - interval '8 days', null),"
                + " ('\\x03', '\\x00', now() - interval '6 days', null), ('\\x04', null, now() - interval '60 days', now() - interval '8 days'), ('\\x05', null, now() - interval '60 days', now())");
        assertThat(retention.run()).containsEntry("person_cipher", 2);
        assertThat(sql.queryForList("select encode(subject, 'hex') from person_cipher order by 1", String.class)).containsExactly("01", "03", "05");
    }

    @Test
    void closed_plans_go_after_90_days_but_for_their_rejections() {
        UUID account = account("a", "null");
        line(plan("approved", "now() - interval '91 days'"), 1, "applied", account);
        line(plan("approved", "now() - interval '89 days'"), 1, "applied", account);
        long rejected = plan("rejected", "now() - interval '91 days'");
        line(rejected, 1, "rejected", account);
        line(rejected, 2, "stale", account);
        plan("held", "null");
        retention.run();
        assertThat(sql.queryForList("select p.status || coalesce(' ' || l.status, '') from plan p left join plan_line l on l.plan_id = p.id order by p.id", String.class))
                .containsExactly("approved applied", "rejected rejected", "held");
    }

    @Test
    void audit_tallies_members_and_runs_go_in_their_time_and_the_last_run_of_a_source_stays() {
        sql.update("insert into audit (at, actor, via, set_hash, changes) values (now() - interval '401 days', 'a', 'pull', 'h', '{}'), (now() - interval '399 days', 'a', 'pull', 'h', '{}')");
        sql.update("insert into tally (source, class, at, n) values ('okta', 'archive', now() - interval '49 hours', 1), ('okta', 'archive', now() - interval '23 hours', 1)");
        UUID group = group("null");
        member(group, account("in", "null"));
        member(group, account("out", "null"));
        sql.update("update group_member set removed_at = now() - interval '8 days' where account_id = (select id from account where external_id = 'out')");
        run("okta", "done", "92 days");
        run("okta", "done", "91 days");
        run("entra", "failed", "300 days");
        assertThat(retention.run()).isEqualTo(Map.of("audit", 1, "tally", 1, "group_member", 1, "run", 1));
        assertThat(keys("run", "source")).containsExactly("entra", "okta");
    }

    @Test
    void an_override_goes_with_the_audit_400_days_after_it_was_over_and_one_that_holds_stays() {
        String row = "insert into field_override (account_id, source, field, value, reason, until, actor, ended_at) values (gen_random_uuid(), 'okta', 'email', ?, 'r', now() - ?::interval, 'a', now() - ?::interval)";
        sql.update(row, "ended long ago", "-1 day", "401 days");
        sql.update(row, "over, and nobody looked", "401 days", null);
        sql.update(row, "ended", "500 days", "399 days");
        sql.update(row, "holds", "-1 day", null);
        assertThat(retention.run()).isEqualTo(Map.of("field_override", 2));
        assertThat(keys("field_override", "value")).containsExactly("ended", "holds");
    }

    @Test
    void a_finding_about_portkey_goes_400_days_after_it_was_closed_and_an_open_one_stays() {
        sql.update("insert into target_finding (kind, subject, sentence, todo, first_at, last_at, closed_at) values ('ambiguous', 'a', 's', 't', now() - interval '900 days', now(), null),"
                + " ('ambiguous', 'b', 's', 't', now() - interval '900 days', now(), now() - interval '401 days'), ('ambiguous', 'c', 's', 't', now() - interval '900 days', now(), now() - interval '399 days')");
        assertThat(retention.run()).isEqualTo(Map.of("target_finding", 1));
        assertThat(keys("target_finding", "subject")).containsExactly("a", "c");
    }

    @Test
    void what_drifted_and_what_failed_by_the_minute_go_in_their_time() {
        sql.update("insert into drift (source, attribute, kind, day, n) values ('okta', 'email', 'missed', (now() - interval '402 days')::date, 1), ('okta', 'email', 'missed', (now() - interval '399 days')::date, 1)");
        sql.update("insert into source_rate (source, minute, events, failed) values ('okta', now() - interval '49 hours', 1, 1), ('okta', now() - interval '47 hours', 1, 1)");
        sql.update("insert into replay_job (mode, actor, set_hash, last_id, total, status, ended_at) values ('converge', 'a', 'h', 0, 0, 'done', now() - interval '91 days'), ('converge', 'a', 'h', 0, 0, 'done', now() - interval '89 days'), ('converge', 'a', 'h', 0, 0, 'running', null)");
        sql.update("insert into push_told (source, day, n) values ('okta', (now() - interval '402 days')::date, 1), ('okta', (now() - interval '399 days')::date, 1)");
        sql.update("insert into push_missed (subject, part, attribute, source, at) values (gen_random_uuid(), gen_random_uuid(), 'email', 'okta', now() - interval '91 days'), (gen_random_uuid(), gen_random_uuid(), 'email', 'okta', now() - interval '89 days')");
        sql.update("insert into left_membership (person_id, workspace_id, at) values (gen_random_uuid(), gen_random_uuid(), now() - interval '49 hours'), (gen_random_uuid(), gen_random_uuid(), now() - interval '47 hours')");
        assertThat(retention.run()).isEqualTo(Map.of("drift", 1, "source_rate", 1, "replay_job", 1, "push_told", 1, "push_missed", 1, "left_membership", 1));
    }

    @Test
    void the_staging_of_runs_that_are_over_is_cleared_and_a_lost_run_is_ended() {
        UUID lost = run("okta", "reading", "25 hours");
        UUID reading = run("entra", "reading", "1 hour");
        UUID failed = run("lab", "failed", "1 hour");
        for (UUID run : List.of(lost, reading, failed)) {
            sql.update("insert into stage_record (run_id, resource, id, state, asked_at) values (?, 'users', 'u', 'seen', now())", run);
            sql.update("insert into stage_run (run_id) values (?)", run);
        }
        sql.update("insert into stage_run (run_id, begun_at) values (gen_random_uuid(), now() - interval '25 hours')"); // of a letter's re-read in which its bridge died
        retention.run();
        assertThat(sql.queryForList("select run_id from stage_record union all select run_id from stage_run", UUID.class)).containsExactly(reading, reading);
        assertThat(sql.queryForObject("select status from run where id = ?", String.class, lost)).isEqualTo("failed");
    }

    private UUID account(String external, String goneAt) {
        UUID id = UUID.randomUUID();
        sql.update("insert into account (id, source, external_id, standing, gone_at) values (?, 'okta', ?, 'LEFT', " + goneAt + ")", id, external);
        return id;
    }

    private UUID person(String status, UUID account) {
        UUID id = UUID.randomUUID();
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, ?, ?, 'u', 'd', ?)", id, id + "@acme.com", id + "@acme.com", status);
        link(account, id);
        return id;
    }

    private void link(UUID account, UUID person) {
        sql.update("insert into link (account_id, person_id, source, linked_by) values (?, ?, 'okta', 'email')", account, person);
    }

    private UUID group(String goneAt) {
        UUID id = UUID.randomUUID();
        sql.update("insert into directory_group (id, source, gone_at) values (?, 'okta', " + goneAt + ")", id);
        return id;
    }

    private void member(UUID group, UUID account) {
        sql.update("insert into group_member (group_id, account_id) values (?, ?)", group, account);
    }

    private long plan(String status, String decidedAt) {
        return sql.queryForObject("insert into plan (source, cause, status, set_hash, created_at, decided_at) values ('okta', 'push', ?, 'h', now() - interval '100 days', " + decidedAt + ") returning id", Long.class, status);
    }

    private void line(long plan, int n, String status, UUID account) {
        sql.update("insert into plan_line (plan_id, n, account_id, class, sentence, reason, facts, status) values (?, ?, ?, 'archive', 's', 'r', '\\x00', ?)", plan, n, account, status);
    }

    private void letter(String status, String closedAt, String age) {
        sql.update("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, status, origin, set_hash, first_at, closed_at)"
                + " values ('okta', 'user', ?, 1, 'BUG', 'map', 's', 'f', ?, 'run:1', 'h', now() - ?::interval, " + closedAt + ")", status, status, age);
    }

    private UUID run(String source, String status, String age) {
        UUID id = UUID.randomUUID();
        sql.update("insert into run (id, source, complete, status, actor, bridge, set_hash, started_at, ended_at, beat_at) values (?, ?, true, ?, 'clock', 'b', 'h', now() - ?::interval, case when ? in ('reading', 'applying') then null else now() - ?::interval end, now() - ?::interval)",
                id, source, status, age, status, age, age);
        return id;
    }

    private List<String> keys(String table, String column) {
        return sql.queryForList("select " + column + " from " + table + " order by 1", String.class);
    }

    private long count(String table) {
        return sql.queryForObject("select count(*) from " + table, Long.class);
    }
}
