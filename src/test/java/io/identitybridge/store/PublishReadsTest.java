package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PublishReadsTest {
    private static final int NOBODYS = 20_000;
    private final Wanted.Person ada = wanted("Ada@acme.com");
    private JdbcTemplate sql;
    private TransactionTemplate transactions;
    private PublishReads reads;

    @BeforeEach
    void start() {
        DataSource source = TestDatabase.fresh();
        sql = new JdbcTemplate(source);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        reads = new PublishReads(sql);
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, 'ada@acme.com', 'ada@acme.com', 'ada', 'Ada', 'active')", ada.id());
        sql.update("insert into target_workspace (uuid, name, name_folded, asked_at) values ('u1', 'Sales', 'sales', now()), ('u2', 'Legal', 'legal', now())");
    }

    @Test
    void whoever_is_bound_is_known_with_all_his_rows_whatever_his_address_is_there() {
        there("a.lovelace@acme.com", ada.id());
        there("ada@acme.com", null);
        sql.update("insert into target_member (person, workspace, role, owner, asked_at) select p.id, w.id, case w.name when 'Sales' then 'admin' end, 'managed', now() from target_person p, target_workspace w where p.person_id is not null");
        Seen.Person seen = reads.seen(List.of(ada)).get(ada.id());
        assertThat(seen.email()).isEqualTo("a.lovelace@acme.com");
        assertThat(seen.rows()).extracting(row -> row.place().name() + row.role()).containsExactlyInAnyOrder("SalesOptional[" + Role.ADMIN + "]", "LegalOptional.empty");
    }

    @Test
    void whoever_has_the_address_and_is_nobody_s_is_he_unless_the_address_was_freed() {
        there("ada@acme.com", null);
        assertThat(reads.seen(List.of(ada)).get(ada.id()).email()).isEqualTo("ada@acme.com");
        assertThat(reads.seen(List.of(new Wanted.Person(ada.id(), ada.email(), "ada", "Ada", OrgRole.MEMBER, true, true, true, Wanted.Taken.NO, List.of())))).isEmpty();
    }

    @Test
    void whoever_has_the_address_and_is_somebody_else_s_is_not_he() {
        there("ada@acme.com", ada.id());
        assertThat(reads.seen(List.of(wanted("ada@acme.com")))).isEmpty();
    }

    @Test
    void nobody_else_at_portkey_is_looked_at() {
        sql.update("insert into target_person (email, email_folded, asked_at) select e, e, now() from generate_series(1, " + NOBODYS + ") n, lateral (select 'p' || n || '@acme.com' as e) t");
        there("ada@acme.com", null);
        sql.execute("analyze target_person");
        Long looks = transactions.execute(tx -> {
            sql.execute("set local plan_cache_mode = force_generic_plan"); // as the bridge does
            assertThat(reads.seen(List.of(ada))).hasSize(1);
            return sql.queryForObject("select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'target_person'", Long.class);
        });
        assertThat(looks).isLessThan(10);
    }

    @Test
    void a_workspace_that_waits_for_a_reading_which_does_not_come_holds_nobody_s_invite_back() {
        UUID place = UUID.randomUUID();
        sql.update("insert into workspace (id, name, name_folded) values (?, 'Guild', 'guild')", place);
        sql.update("insert into membership (person_id, workspace_id, role) values (?, ?, 'member')", ada.id(), place);
        sql.update("insert into target (kind, address, database) values ('portkey-admin-api', 'https://portkey.example', 'd')");
        sql.update("insert into outbox (kind, key, reads_first) values ('workspace', ?, now())", place);
        assertThat(soon()).as("it is read in a moment").isTrue();
        sql.update("update outbox set reads_first = now() - interval '2 minutes'");
        assertThat(soon()).isFalse();
        sql.update("update target set read_at = now()");
        assertThat(soon()).as("it has been read").isTrue();
    }

    private boolean soon() {
        return reads.wanted(List.of(ada.id())).get(ada.id()).memberships().getFirst().soon();
    }

    private void there(String email, UUID bound) {
        sql.update("insert into target_person (email, email_folded, person_id, asked_at) values (?, ?, ?, now())", email, email, bound);
    }

    private static Wanted.Person wanted(String email) {
        return new Wanted.Person(UUID.randomUUID(), email, "ada", "Ada", OrgRole.MEMBER, true, true, false, Wanted.Taken.NO, List.of());
    }
}
