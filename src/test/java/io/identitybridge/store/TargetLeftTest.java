package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where the keys of whoever left are looked for. */
class TargetLeftTest {
    private static final String ADA = "ada@acme.com";
    private final DataSource source = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(source);
    private final TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
    private final Outbox outbox = PublishStore.outbox(sql, transactions);
    private final TargetLeft left = new TargetLeft(sql, transactions);
    private final UUID ada = UUID.randomUUID();

    TargetLeftTest() {
        new TargetState(sql, transactions).meet("portkey-admin-api", "http://portkey");
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, ?, ?, 'u', 'd', 'active')", ada, ADA, ADA);
        sql.update("insert into target_workspace (uuid, slug, name, name_folded, active, owner, asked_at) values ('u1', 's1', 'One', 'one', true, 'managed', now()), ('u2', null, 'Two', 'two', true, 'managed', now()),"
                + " ('u3', 's3', 'Three', 'three', true, 'managed', now())");
    }

    @Test
    void they_are_looked_for_where_he_is_where_he_was_and_where_his_invite_brought_him_until_there_are_none() {
        long three = place("Three");
        turn(is(Optional.empty(), Optional.of(new Seen.Invite("i", "pending", Map.of(three, Role.MEMBER)))));
        turn(is(Optional.of("p1"), Optional.of(new Seen.Invite("i", "accepted", Map.of(three, Role.MEMBER)))), row("One"), row("Two"));
        turn(new Effect.RowGone(ADA, place("One")));
        turn(new Effect.PersonGone(ADA));
        TargetLeft.Left gone = left.due(Duration.ZERO, Duration.ZERO, 10).getFirst();
        assertThat(gone.places()).containsExactlyInAnyOrder("s1", "u2", "s3");
        left.held(gone, 0);
        sql.update("update target set read_at = now() + interval '1 minute'");
        left.held(gone, 0);
        assertThat(rows("target_left") + rows("target_had")).isZero();
    }

    @Test
    void who_is_known_by_his_invite_alone_and_turns_out_to_be_a_user_is_watched_as_that_user() {
        turn(is(Optional.empty(), Optional.of(new Seen.Invite("i", "pending", Map.of(place("One"), Role.MEMBER)))));
        turn(new Effect.PersonGone(ADA, Optional.of("p1")));
        assertThat(left.of(ada)).extracting(TargetLeft.Left::userId, TargetLeft.Left::places).containsExactly(tuple("p1", List.of("s1")));
    }

    @Test
    void what_is_remembered_of_somebody_who_is_nobodys_goes_with_him() {
        turn(is(Optional.of("p1"), Optional.empty()), row("One"));
        turn(new Effect.RowGone(ADA, place("One")));
        Retention retention = new Retention(sql, transactions, new Staging(sql, transactions), new Runs(sql, transactions));
        retention.run();
        assertThat(rows("target_had")).isOne();
        sql.update("delete from target_person");
        assertThat(retention.run()).containsEntry("target_had", 1);
    }

    private Effect is(Optional<String> user, Optional<Seen.Invite> invite) {
        return new Effect.PersonIs(ADA, user, invite, Optional.empty(), OrgRole.MEMBER, true, Seen.Owner.MANAGED, Optional.of(ada));
    }

    private Effect row(String place) {
        return new Effect.RowIs(ADA, place(place), Optional.of(Role.MEMBER), Seen.Owner.MANAGED);
    }

    private void turn(Effect... effects) {
        outbox.again(OutboxKey.Kind.PERSON, List.of(ada));
        OutboxKey key = outbox.lease(false, 1, Duration.ofMinutes(1)).getFirst();
        outbox.settle(List.of(new Outbox.Turn(key, List.of(effects), new Outbox.End.Done())), Instant.now().plusSeconds(5), "set");
    }

    private long place(String name) {
        return sql.queryForObject("select id from target_workspace where name = ?", Long.class, name);
    }

    private long rows(String table) {
        return sql.queryForObject("select count(*) from " + table, Long.class);
    }
}
