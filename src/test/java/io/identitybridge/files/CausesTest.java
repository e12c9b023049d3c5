package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static io.identitybridge.model.Failure.Call.CREATE;
import static io.identitybridge.model.Failure.Call.DELETE;
import static io.identitybridge.model.Failure.Call.LIST;
import static io.identitybridge.model.Failure.Call.OTHER;
import static io.identitybridge.model.Failure.Call.READ;
import static io.identitybridge.model.Failure.Where.SOURCE;
import static io.identitybridge.model.Failure.Where.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Causes.Outcome;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Reaction;
import io.identitybridge.model.Reaction.Next;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {
    private static final String FILE = "routes/errors.causes.yaml";
    private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");

    private final Causes shipped = FileReader.read(Shipped.shipped()).causes();

    @Test
    void a_set_without_the_file_goes_by_the_shipped_one() {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        texts.remove(FILE);
        assertThat(FileReader.read(texts).causes()).isEqualTo(shipped);
    }

    @ParameterizedTest
    @CsvSource({"LIST,401,AB05,TRUE,AUTH", "LIST,403,AB03,TRUE,AUTH", "UPDATE,403,AB03,FALSE,AUTH", "CREATE,402,AB09,FALSE,AUTH", "LIST,404,AB08,FALSE,TARGET_POISON",
            "LIST,429,AB06,FALSE,TRANSIENT", "CREATE,503,,FALSE,TRANSIENT", "CREATE,400,AB01,FALSE,TARGET_POISON", "UPDATE,422,,FALSE,TARGET_POISON",
            "CREATE,404,AB08,FALSE,DEPENDENCY", "DELETE,409,AB07,FALSE,TARGET_POISON", "READ,302,,FALSE,AUTH", "CREATE,407,,FALSE,AUTH", "CREATE,408,,FALSE,TRANSIENT"})
    void an_answer_of_portkey_is_of_one_cause(Failure.Call call, int status, String code, boolean departed, Cause cause) {
        assertThat(shipped.of(answered(call, departed, status, code, ""))).isEqualTo(new Outcome.Failed(cause));
    }

    @Test
    void what_is_not_there_any_more_is_gone_and_what_is_there_already_is_read_again() {
        assertThat(shipped.of(answered(DELETE, true, 404, "AB08", ""))).isEqualTo(new Outcome.Gone());
        assertThat(shipped.of(answered(READ, true, 403, "AB03", ""))).isEqualTo(new Outcome.Gone());
        assertThat(shipped.of(answered(READ, false, 403, "AB03", ""))).isEqualTo(new Outcome.Failed(Cause.AUTH));
        assertThat(shipped.of(answered(CREATE, false, 409, "AB07", ""))).isEqualTo(new Outcome.Exists());
    }

    @Test
    void an_exception_is_known_by_its_class_its_superclass_or_its_cause_and_any_other_is_a_bug() {
        assertThat(shipped.of(Failure.thrown(TARGET, CREATE, new ConnectException("refused")))).isEqualTo(new Outcome.Failed(Cause.TRANSIENT));
        assertThat(shipped.of(Failure.thrown(SOURCE, LIST, new IllegalStateException(new UncheckedIOException(new ConnectException()))))).isEqualTo(new Outcome.Failed(Cause.TRANSIENT));
        assertThat(shipped.of(Failure.thrown(SOURCE, OTHER, new NullPointerException("x")))).isEqualTo(new Outcome.Failed(Cause.BUG));
    }

    @Test
    void a_rule_added_above_counts_by_what_the_answer_says_in_whatever_case() {
        Map<String, String> texts = edited("rules:\n", "rules:\n  - {where: target, status: [500-599], says: [unknown plan], is: target-poison}\n");
        Causes causes = FileReader.read(texts).causes();
        assertThat(causes.of(answered(CREATE, false, 500, "AB04", "{\"message\": \"Unknown Plan: gold\"}"))).isEqualTo(new Outcome.Failed(Cause.TARGET_POISON));
        assertThat(causes.of(answered(CREATE, false, 500, "AB04", "no idea"))).isEqualTo(new Outcome.Failed(Cause.TRANSIENT));
    }

    @Test
    void short_tries_that_would_hold_whoever_leaves_are_refused() {
        assertThat(faults(FILE, "tries: [1s, 4s, 16s]", "tries: [1s, 1h]")).singleElement().asString().contains("these tries come to 4321 s, and nothing is tried for longer than 30 s at once; put the longer waits into schedule");
        assertThat(FileReader.read(edited("tries: [1s, 4s, 16s]", "tries: [5s, 5s, 15s]")).causes().reaction(Cause.TRANSIENT).tries()).hasSize(3);
    }

    @Test
    void what_may_pass_is_tried_on_the_durable_schedule_for_fourteen_days_and_then_expires() {
        Reaction reaction = shipped.reaction(Cause.TRANSIENT);
        assertThat(List.of(reaction.shortTry(1, 0), reaction.shortTry(2, 0.5), reaction.shortTry(3, 1), reaction.shortTry(4, 0.5)))
                .containsExactly(Optional.of(Duration.ofMillis(800)), Optional.of(Duration.ofSeconds(4)), Optional.of(Duration.ofMillis(19_200)), Optional.empty());
        List<Duration> waits = new ArrayList<>();
        Instant now = NOW;
        int attempts = 1;
        while (reaction.next(attempts, false, NOW, now) instanceof Next.At(Instant time)) {
            waits.add(Duration.between(now, time));
            now = time;
            attempts++;
        }
        assertThat(waits.subList(0, 9)).containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(6), Duration.ofHours(12), Duration.ofDays(1), Duration.ofDays(1));
        assertThat(reaction.next(attempts, false, NOW, now)).isEqualTo(new Next.Expired());
        assertThat(Duration.between(NOW, now)).isBetween(Duration.ofDays(14), Duration.ofDays(15));
    }

    @Test
    void a_leaver_is_tried_every_fifteen_minutes_whatever_the_cause_and_never_expires() {
        for (Cause cause : Cause.values()) {
            assertThat(shipped.reaction(cause).next(500, true, NOW.minus(Duration.ofDays(400)), NOW)).isEqualTo(new Next.At(NOW.plus(Duration.ofMinutes(15))));
        }
        assertThat(shipped.reaction(Cause.TRANSIENT).next(1, true, NOW, NOW)).isEqualTo(new Next.At(NOW.plus(Duration.ofMinutes(1))));
    }

    @Test
    void poison_waits_for_a_change_and_what_nobody_knows_gets_one_delayed_try() {
        assertThat(shipped.reaction(Cause.TARGET_POISON).next(1, false, NOW, NOW)).isEqualTo(new Next.Waits());
        assertThat(shipped.reaction(Cause.TARGET_POISON).retryWhen()).containsExactlyInAnyOrder(Reaction.Changed.values());
        assertThat(shipped.reaction(Cause.BUG).next(1, false, NOW, NOW)).isEqualTo(new Next.At(NOW.plus(Duration.ofMinutes(1))));
        assertThat(shipped.reaction(Cause.BUG).next(2, false, NOW, NOW)).isEqualTo(new Next.Waits());
        assertThat(shipped.reaction(Cause.AUTH).stopsConnection()).isTrue();
        assertThat(shipped.reaction(Cause.DEPENDENCY).counts()).isFalse();
    }

    @Test
    void a_quarantine_takes_more_than_its_share_of_no_fewer_than_its_events() {
        assertThat(shipped.quarantine().isDue(49, 49)).isFalse();
        assertThat(shipped.quarantine().isDue(10, 50)).isFalse();
        assertThat(shipped.quarantine().isDue(11, 50)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "status: [402], is: auth | status: [402], is: auht | 'auht' is not taken here; did you mean 'auth'?",
            "call: [create], status: [404] | cal: [create], status: [404] | unknown key 'cal'; did you mean 'call'?",
            "where: source, status: [408, 425, 429, 500-599] | where: source, status: [408, 425, 429, 599-500] | '599-500' goes from the higher to the lower; write 500-599",
            "where: source, status: [408, 425, 429, 500-599] | where: source, status: [408, 425, 429, 5xx] | '5xx' is not a range of HTTP statuses; write for example 500-599",
            "{at-most: 15m} | {at-most: 15} | expected text, found the number 15; write for example 24h, 5m, 30s",
            "within: 1h} | within: 3d} | '3d' is longer than is looked back; write at most 24h",
            "stops: connection | stops: everything | 'everything' is not taken here; use one of connection",
            "dependency:     { | dependencie:    { | unknown key 'dependencie'; did you mean 'dependency'?"})
    void a_slip_is_told_with_its_line(String passage, String instead, String fault) {
        assertThat(faults(FILE, passage, instead)).anySatisfy(said -> assertThat(said).startsWith(FILE + ":" + Shipped.line(FILE, passage) + ":").endsWith(fault));
    }

    @Test
    void a_rule_that_can_never_count_names_the_one_before() {
        Map<String, String> texts = edited("rules:\n", "rules:\n  - {where: target, status: [402], is: bug}\n");
        int line = Shipped.line(FILE, "status: [402]") + 1;
        assertThat(faults(texts)).containsExactly(FILE + ":" + line + ":5: the rule in line " + (Shipped.line(FILE, "rules:\n") + 1) + " asks for the same and comes first, so this one never counts; take one of them away");
    }

    private static Failure answered(Failure.Call call, boolean departed, int status, String code, String body) {
        return Failure.answered(TARGET, call, departed, status, Optional.ofNullable(code), body);
    }

    private static Map<String, String> edited(String passage, String instead) {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        texts.compute(FILE, (name, text) -> text.replaceFirst(passage, instead));
        return texts;
    }
}
