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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
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

    @Test
    void who_was_there_under_an_address_that_another_user_has_by_now_is_watched() {
        turn(is(Optional.of("p1"), Optional.empty()), row("One"));
        turn(is(Optional.of("p2"), Optional.empty()));
        assertThat(left.of(ada)).extracting(TargetLeft.Left::userId, TargetLeft.Left::places).containsExactly(tuple("p1", List.of("s1")));
        turn(is(Optional.empty(), Optional.of(new Seen.Invite("i", "pending", Map.of()))));
        assertThat(left.of(ada)).extracting(TargetLeft.Left::userId).as("removed by hand, and invited anew in the same turn").containsExactly("p1", "p2");
    }

    @Test
    void whose_address_another_user_has_by_now_stays_who_he_is_until_a_reading_shows_or_does_not_show_him() {
        UUID bob = UUID.randomUUID();
        sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, 'bob@acme.com', 'bob@acme.com', 'u', 'd', 'active')", bob);
        turn(is(Optional.of("P1"), Optional.empty()), row("One"), new Effect.PersonIs("bob@acme.com", Optional.of("P2"), Optional.empty(), Optional.empty(), OrgRole.MEMBER, true, Seen.Owner.MANAGED, Optional.of(bob)));
        turn(new Effect.PersonIs(ADA, Optional.of("P2"), Optional.empty(), Optional.empty(), OrgRole.MEMBER, true, Seen.Owner.MANAGED, Optional.of(bob)));
        assertThat(known()).containsExactly("P1 P1 managed " + ada, "P2 " + ADA + " managed " + bob);
        reads("P2 " + ADA, "P1 ada.l@acme.com");
        assertThat(known()).containsExactly("P1 ada.l@acme.com managed " + ada, "P2 " + ADA + " managed " + bob);
        reads("P2 ada.l@acme.com", "P1 " + ADA);
        assertThat(known()).as("they have swapped").containsExactly("P1 " + ADA + " managed " + ada, "P2 ada.l@acme.com managed " + bob);
        reads("P2 " + ADA);
        assertThat(known()).as("he is gone, and the other has his address").containsExactly("P2 " + ADA + " managed " + bob);
        assertThat(left.of(ada)).extracting(TargetLeft.Left::userId, TargetLeft.Left::places).containsExactly(tuple("P1", List.of("s1")));
        reads("P3 " + ADA);
        assertThat(known()).containsExactly("P3 " + ADA + " managed " + bob);
        assertThat(left.of(bob)).extracting(TargetLeft.Left::userId).as("removed, and made again by hand").containsExactly("P2");
    }

    private List<String> known() {
        return sql.queryForList("select user_id || ' ' || email || ' ' || owner || ' ' || person_id from target_person order by 1", String.class);
    }

    /** A whole reading of these users, each with an address, who are in no workspace. */
    private void reads(String... users) {
        sql.update("update target_person set asked_at = now() - interval '1 day', shown_at = now() - interval '1 day'");
        TargetStage stage = new TargetStage(sql, transactions, Duration.ofMinutes(10));
        TargetStage.Reading reading = stage.begin(true).orElseThrow();
        stage.page(reading, Stream.of(users).map(user -> user.split(" ")).map(user -> new Shown.User(user[0], user[1], Optional.empty(), OrgRole.MEMBER)).toList());
        stage.page(reading, Stream.of("u1", "u2", "u3").map(uuid -> new Shown.Workspace(uuid, Optional.of(uuid), Optional.empty(), uuid, false, true)).toList());
        stage.merge(reading, Duration.ZERO, new TargetStage.Guarded(Set.of(), Set.of()), false, Optional.of("not asked for"));
        stage.end(reading, Optional.empty());
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
