package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.CausesReader;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Reaction;
import io.identitybridge.model.Reaction.Next;
import io.identitybridge.store.TargetLetters.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class TargetLettersTest {
    private static final String SET = "set-1";
    private static final Instant LATER = Instant.parse("2126-01-01T00:00:00Z");

    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final Sql sql = new Sql(jdbc);
    private final TargetLetters letters = new TargetLetters(sql, new Seals(sql, Aes.random(32)));
    private final UUID key = UUID.randomUUID();

    @Test
    void a_key_has_one_open_letter_with_its_last_ten_attempts_and_newer_generations_park_behind_it() {
        for (int generation = 1; generation <= 12; generation++) {
            failed(generation, Cause.TRANSIENT, new Next.At(LATER), "it is busy");
        }
        assertThat(letter("status, generation, attempts, parked")).containsAllEntriesOf(Map.of("status", "retrying", "generation", 12L, "attempts", 12, "parked", 11));
        assertThat(jdbc.queryForList("select n from dead_letter_attempt order by n", Integer.class)).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        letters.done(List.of(key(13)));
        assertThat(letter("status, why")).containsAllEntriesOf(Map.of("status", "superseded", "why", "a newer state went through"));
    }

    @Test
    void the_same_generation_that_goes_through_resolves_it_and_an_older_one_does_not() {
        failed(3, Cause.TARGET_POISON, new Next.Waits(), "no");
        letters.done(List.of(key(2)));
        assertThat(letter("status")).containsEntry("status", "open");
        letters.done(List.of(key(3)));
        assertThat(letter("status")).containsEntry("status", "resolved");
    }

    @Test
    void what_was_tried_for_a_fortnight_expires_and_the_next_failure_is_another_letter() {
        failed(1, Cause.TRANSIENT, new Next.At(LATER), "busy");
        failed(1, Cause.TRANSIENT, new Next.Expired(), "busy");
        failed(2, Cause.TRANSIENT, new Next.At(LATER), "busy");
        assertThat(jdbc.queryForList("select status from dead_letter order by id", String.class)).containsExactly("expired", "retrying");
    }

    @Test
    void an_answer_is_kept_without_addresses_and_secrets_and_not_beyond_five_hundred_characters() {
        failed(1, Cause.TARGET_POISON, new Next.Waits(), "{\"message\":\"ada@acme.com is unknown\",\"Authorization\": \"Bearer abc.def\",\"apiKey\":\"k-123\"}\n" + "x".repeat(9_000));
        String said = jdbc.queryForObject("select said from dead_letter_attempt", String.class);
        assertThat(said).startsWith("{\"message\":\"... is unknown\",\"Authorization\": \"...\",\"apiKey\":\"...\"} xxx").hasSize(500).doesNotContain("abc", "k-123");
        assertThat(jdbc.queryForObject("select status || ' ' || code from dead_letter_attempt", String.class)).isEqualTo("400 AB01");
    }

    @Test
    void an_answer_that_echoes_somebody_in_parts_keeps_none_of_his_names() {
        jdbc.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, 'a.byron@acme.com', 'a.byron@acme.com', 'a.byron@acme.com', 'Ada Maria King-Byron', 'active')", key);
        failed(1, Cause.TARGET_POISON, new Next.Waits(), "{\"detail\":\"no seat\",\"name\":{\"givenName\":\"Ada Maria\",\"familyName\":\"King-Byron\"},\"displayName\":\"Ada Maria King-Byron\",\"nick\":\"ADA\"}");
        assertThat(jdbc.queryForObject("select said from dead_letter_attempt", String.class)).contains("no seat").doesNotContainIgnoringCase("ada").doesNotContain("Maria", "King", "Byron");
    }

    @Test
    void whoever_is_back_while_his_leaving_waits_is_no_leaver() {
        jdbc.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, 'a@acme.com', 'a@acme.com', 'a', 'A', 'archived')", key);
        sql.run("insert into outbox (kind, key, leaver, since) values ('person', ?, true, now() - interval '1 hour')", key);
        leaves();
        assertThat(letter("leaver")).containsEntry("leaver", true);
        assertThat(new Alarms(jdbc).oldestLeaver()).isGreaterThan(java.time.Duration.ofMinutes(59));
        jdbc.update("update person set status = 'active'");
        leaves();
        assertThat(letter("leaver")).containsEntry("leaver", false);
        assertThat(new Alarms(jdbc).oldestLeaver()).isZero();
    }

    private void leaves() {
        Problem problem = new Problem(Cause.TARGET_POISON, "user", "x", "profile", "Portkey does not take it");
        letters.failed(List.of(new Refusal(new OutboxKey(OutboxKey.Kind.PERSON, key, 1, true, Instant.now(), 0, Optional.empty(), false, "a lease"), problem, "publish", new Next.Waits(), Optional.empty())), SET);
    }

    @Test
    void other_files_make_a_letter_due_once_and_only_of_causes_that_they_may_heal() {
        failed(1, Cause.TARGET_POISON, new Next.Waits(), "no");
        List<Cause> healed = LetterClock.causes(CausesReader.SHIPPED, reaction -> reaction.retryWhen().contains(Reaction.Changed.CONFIGURATION));
        assertThat(healed).contains(Cause.TARGET_POISON).doesNotContain(Cause.TRANSIENT);
        assertThat(letters.retry(healed, SET)).as("the set it failed by").isZero();
        assertThat(letters.retry(healed, "set-2")).isOne();
        assertThat(letters.retry(healed, "set-2")).isZero();
        assertThat(jdbc.queryForList("select key::text || ' ' || blocked || ' ' || (due_at <= now()) from outbox where kind = 'person'", String.class)).containsExactly(key + " false true");
        assertThat(letters.retry(List.of(Cause.AUTH), "set-3")).isZero();
    }

    private void failed(long generation, Cause cause, Next next, String body) {
        Problem problem = new Problem(cause, "user", "x", "profile", "Portkey does not take it");
        letters.failed(List.of(new Refusal(key(generation), problem, "publish", next, Optional.of(Failure.answered(Failure.Where.TARGET, Failure.Call.UPDATE, false, 400, Optional.of("AB01"), body)))), SET);
    }

    private OutboxKey key(long generation) {
        return new OutboxKey(OutboxKey.Kind.PERSON, key, generation, false, Instant.now(), 0, Optional.empty(), false, "a lease");
    }

    private Map<String, Object> letter(String fields) {
        return jdbc.queryForMap("select " + fields + " from dead_letter where key = ? order by id desc limit 1", key.toString());
    }
}
