package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.CausesReader;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Reaction;
import io.identitybridge.model.Reaction.Next;
import io.identitybridge.store.TargetLetters.Kind;
import io.identitybridge.store.TargetLetters.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TargetLettersTest {
    private static final String SET = "set-1";

    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final TargetLetters letters = new TargetLetters(jdbc, new TransactionTemplate(new JdbcTransactionManager(jdbc.getDataSource())));
    private final UUID key = UUID.randomUUID();

    @Test
    void a_key_has_one_open_letter_with_its_last_ten_attempts_and_newer_generations_park_behind_it() {
        for (int generation = 1; generation <= 12; generation++) {
            failed(key, generation, Cause.TRANSIENT, false, "it is busy");
        }
        assertThat(letter("status, generation, attempts, parked")).containsAllEntriesOf(Map.of("status", "retrying", "generation", 12L, "attempts", 12, "parked", 11));
        assertThat(jdbc.queryForList("select n from dead_letter_attempt order by n", Integer.class)).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        letters.done(Kind.PERSON, key, 13);
        assertThat(letter("status, why")).containsAllEntriesOf(Map.of("status", "superseded", "why", "a newer state went through"));
        assertThat(letters.open(Kind.PERSON, key)).isEmpty();
    }

    @Test
    void the_same_generation_that_goes_through_resolves_it_and_an_older_one_does_not() {
        failed(key, 3, Cause.TARGET_POISON, false, "no");
        letters.done(Kind.PERSON, key, 2);
        assertThat(letters.open(Kind.PERSON, key)).map(TargetLetters.Standing::generation).contains(3L);
        letters.done(Kind.PERSON, key, 3);
        assertThat(letter("status")).containsEntry("status", "resolved");
    }

    @Test
    void the_time_of_the_next_try_is_that_of_its_cause_and_a_leaver_waits_a_quarter_of_an_hour_at_most() {
        assertThat(failed(key, 1, Cause.TARGET_POISON, false, "no")).isEqualTo(new Next.Waits());
        assertThat(failed(UUID.randomUUID(), 1, Cause.TRANSIENT, false, "busy")).isInstanceOfSatisfying(Next.At.class, at -> assertThat(Duration.between(now(), at.time())).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1)));
        UUID leaver = UUID.randomUUID();
        assertThat(failed(leaver, 1, Cause.TARGET_POISON, true, "no")).isInstanceOfSatisfying(Next.At.class, at -> assertThat(Duration.between(now(), at.time())).isBetween(Duration.ofMinutes(14), Duration.ofMinutes(15)));
        assertThat(letters.open(Kind.PERSON, leaver)).map(TargetLetters.Standing::nextAt).get().isNotEqualTo(Optional.empty());
    }

    @Test
    void what_was_tried_for_a_fortnight_expires_and_the_next_failure_is_another_letter() {
        failed(key, 1, Cause.TRANSIENT, false, "busy");
        jdbc.update("update dead_letter set first_at = now() - interval '15 days'");
        assertThat(failed(key, 1, Cause.TRANSIENT, false, "busy")).isEqualTo(new Next.Expired());
        assertThat(letter("status")).containsEntry("status", "expired");
        failed(key, 2, Cause.TRANSIENT, false, "busy");
        assertThat(jdbc.queryForList("select status from dead_letter order by id", String.class)).containsExactly("expired", "retrying");
    }

    @Test
    void an_answer_is_kept_without_addresses_and_secrets_and_not_beyond_five_hundred_characters() {
        failed(key, 1, Cause.TARGET_POISON, false, "{\"message\":\"ada@acme.com is unknown\",\"Authorization\": \"Bearer abc.def\",\"apiKey\":\"k-123\"}\n" + "x".repeat(9_000));
        String said = jdbc.queryForObject("select said from dead_letter_attempt", String.class);
        assertThat(said).startsWith("{\"message\":\"...@... is unknown\",\"Authorization\": \"...\",\"apiKey\":\"...\"} xxx").hasSize(500).doesNotContain("abc", "k-123");
        assertThat(jdbc.queryForObject("select status || ' ' || code from dead_letter_attempt", String.class)).isEqualTo("400 AB01");
    }

    @Test
    void other_files_make_a_letter_due_once_and_only_of_causes_that_they_may_heal() {
        failed(key, 1, Cause.TARGET_POISON, false, "no");
        UUID busy = UUID.randomUUID();
        failed(busy, 1, Cause.TRANSIENT, false, "busy");
        List<Cause> healed = LetterClock.causes(CausesReader.SHIPPED, reaction -> reaction.retryWhen().contains(Reaction.Changed.CONFIGURATION));
        assertThat(letters.retry(healed, SET)).as("the set it failed by").isZero();
        assertThat(letters.retry(healed, "set-2")).isOne();
        assertThat(letters.retry(healed, "set-2")).isZero();
        assertThat(jdbc.queryForList("select key::text from outbox where kind = 'person'", String.class)).containsExactly(key.toString());
        letters.failed(new Refusal(Kind.PERSON, key, 2, Cause.TARGET_POISON, false, "profile", "Portkey does not take it", Optional.empty(), Optional.empty(), ""), CausesReader.SHIPPED.reaction(Cause.TARGET_POISON), "set-2");
        assertThat(letters.retry(healed, SET)).as("gone back to the set before").isOne();
        assertThat(jdbc.queryForObject("select generation from outbox", Long.class)).isEqualTo(2);
    }

    private Next failed(UUID key, long generation, Cause cause, boolean leaver, String body) {
        return letters.failed(new Refusal(Kind.PERSON, key, generation, cause, leaver, "profile", "Portkey does not take it", Optional.of(400), Optional.of("AB01"), body), CausesReader.SHIPPED.reaction(cause), SET);
    }

    private Map<String, Object> letter(String fields) {
        return jdbc.queryForMap("select " + fields + " from dead_letter where key = ? order by id desc limit 1", key.toString());
    }

    private Instant now() {
        return jdbc.queryForObject("select now()", java.sql.Timestamp.class).toInstant();
    }
}
