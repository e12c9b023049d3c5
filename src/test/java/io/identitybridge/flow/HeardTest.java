package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Staging.Staged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeardTest {
    private static final Path FILES = Path.of("src/test/resources/sim");
    private static final Instant PULLED = Instant.parse("2026-03-02T08:00:00Z");
    private static final Instant PUSHED = PULLED.plus(Duration.ofHours(1));
    private static final Instant READ = PULLED.plus(Duration.ofHours(2));
    private static final Duration LAG = Duration.ofMinutes(2);
    private final SourceName alpha = new SourceName("alpha");
    private final Active active = Active.of(FileReader.read(FileReader.texts(FILES.resolve("routes"), FILES.resolve("mappings"))));
    private final MappedFacts facts = new MappedFacts(active, alpha, READ, misread -> { });
    private final Heard heard = new Heard(alpha, Ids.next(), false, LAG, active.deprovision(alpha), READ);
    private final Heard changes = new Heard(alpha, Ids.next(), true, LAG, active.deprovision(alpha), READ);

    @Test
    void a_group_of_which_only_the_members_were_read_is_called_as_it_was_pushed_since() {
        GroupFact pulled = GroupFact.unknown(Ids.next(), alpha, Optional.of("g1")).pulled("{\"record\":{\"id\":\"g1\",\"name\":\"ws-Red-role-member\"}}", new byte[0], Optional.empty(), PULLED);
        GroupFact renamed = facts.group(pulled.pushed("{\"displayName\":\"ws-Blue-role-member\"}", Optional.of("g1"), PUSHED));
        Staged members = new Staged("g1", "seen", Optional.empty(), Optional.empty(), Optional.of(new byte[] {1}), READ);
        assertThat(heard.group(members, Optional.of(renamed), facts).orElseThrow().places()).extracting(Place::workspace).containsExactly("Blue");
    }

    @Test
    void whoever_was_first_read_less_than_the_lag_before_he_was_found_absent_is_asked_for_again_after_it() {
        Instant soon = PULLED.plus(LAG);
        assertThat(heard.user(not("absent", soon), Optional.of(ada()), facts)).get().satisfies(still -> {
            assertThat(still.goneAt()).isEmpty();
            assertThat(still.missingSince()).isEmpty();
            assertThat(still.rereadAt()).contains(soon);
        });
        assertThat(heard.user(not("missing", soon), Optional.of(ada()), facts).orElseThrow().missingSince()).isEmpty();
        assertThat(heard.user(not("absent", soon.plusMillis(1)), Optional.of(ada()), facts).orElseThrow().goneAt()).contains(soon.plusMillis(1));
        assertThat(heard.user(not("missing", soon.plusMillis(1)), Optional.of(ada()), facts).orElseThrow().missingSince()).contains(soon.plusMillis(1));
    }

    @Test
    void whoever_no_list_shows_and_is_found_when_asked_for_alone_is_asked_for_again_after_the_lag() {
        Staged found = new Staged("u1", "found", ada().pulled(), Optional.of(new byte[] {1}), Optional.empty(), READ);
        assertThat(heard.user(found, Optional.of(ada()), facts).orElseThrow().rereadAt()).as("the list may be the newer of the two").contains(READ.plus(LAG));
        assertThat(changes.user(found, Optional.of(ada()), facts).orElseThrow().rereadAt()).as("who was asked for again").isEmpty();
    }

    @Test
    void whom_changes_told_of_while_a_push_was_newer_is_asked_for_twice_because_the_first_answer_may_be_of_before_that() {
        AccountFact pushed = facts.account(ada().pushed("{\"userName\":\"ada@acme.com\",\"active\":true}", Optional.of("u1"), PUSHED));
        AccountFact once = changes.user(new Staged("u1", "found", ada().pulled(), Optional.of(new byte[] {1}), Optional.empty(), READ), Optional.of(pushed), facts).orElseThrow();
        assertThat(once.rereadAt()).contains(READ.plus(LAG));
        Staged again = new Staged("u1", "found", ada().pulled(), Optional.of(new byte[] {1}), Optional.empty(), READ.plus(LAG));
        assertThat(changes.user(again, Optional.of(once), facts).orElseThrow().rereadAt()).isEmpty();
    }

    @Test
    void what_the_idp_itself_calls_deleted_is_gone_at_once_however_lately_it_was_read() {
        Instant soon = PULLED.plusSeconds(1);
        assertThat(heard.user(not("gone", soon), Optional.of(ada()), facts).orElseThrow().goneAt()).contains(soon);
        assertThat(heard.group(not("gone", soon), Optional.of(group()), facts).orElseThrow().goneAt()).contains(soon);
    }

    @Test
    void a_group_that_was_first_read_less_than_the_lag_before_it_was_found_absent_stays() {
        Instant soon = PULLED.plus(LAG);
        assertThat(heard.group(not("absent", soon), Optional.of(group()), facts)).isEmpty();
        assertThat(heard.group(not("missing", soon), Optional.of(group()), facts)).isEmpty();
        assertThat(heard.group(not("absent", soon.plusMillis(1)), Optional.of(group()), facts).orElseThrow().goneAt()).isPresent();
    }

    @Test
    void a_pushed_group_that_a_page_shows_within_the_lag_is_known_to_pulls_and_missed_where_a_later_one_has_it_not() {
        GroupFact pushed = facts.group(GroupFact.unknown(Ids.next(), alpha, Optional.of("g1")).pushed("{\"displayName\":\"ws-Blue-role-member\"}", Optional.of("g1"), PUSHED));
        for (Instant asked : List.of(PUSHED.minusSeconds(1), PUSHED.plus(LAG))) {
            GroupFact shown = heard.group(page("g1", asked), Optional.of(pushed), facts).orElseThrow();
            assertThat(shown.pulledAt().orElseThrow()).as("older than the push, whatever the page says").isBefore(PUSHED).isBeforeOrEqualTo(asked);
            assertThat(shown.pulled()).isEmpty();
            assertThat(shown.places()).extracting(Place::workspace).containsExactly("Blue");
            assertThat(heard.group(page("g1", asked), Optional.of(shown), facts)).as("once").isEmpty();
            assertThat(heard.group(not("missing", READ), Optional.of(shown), facts).orElseThrow().missingSince()).contains(READ);
        }
        assertThat(heard.group(new Staged("g1", "missing", Optional.empty(), Optional.empty(), Optional.empty(), PUSHED), Optional.of(pushed), facts)).isEmpty();
    }

    @Test
    void a_deleted_group_stands_for_the_pages_that_may_be_older_than_its_deletion() {
        GroupFact gone = group().gone(PUSHED, false, false);
        assertThat(heard.stands(gone, page("g1", PUSHED.plus(LAG)))).isTrue();
        assertThat(heard.stands(gone, page("g1", PUSHED.plus(LAG).plusMillis(1)))).as("it may be one that was pushed since under its name").isFalse();
        assertThat(heard.stands(group(), page("g1", READ))).isTrue();
    }

    private static Staged page(String id, Instant asked) {
        return new Staged(id, "seen", Optional.of("{\"record\":{\"id\":\"" + id + "\",\"name\":\"ws-Red-role-member\"}}"), Optional.of(new byte[] {1}), Optional.empty(), asked);
    }

    @Test
    void whoever_the_first_reading_after_an_edit_does_not_find_is_missed_by_the_edit_however_lately_he_was_read() {
        Heard first = new Heard(alpha, Ids.next(), false, Set.of(), LAG, active.deprovision(alpha), Optional.of(READ), READ);
        for (String state : List.of("absent", "missing")) {
            AccountFact missed = first.user(not(state, PULLED.plusSeconds(1)), Optional.of(ada()), facts).orElseThrow();
            assertThat(missed.goneAt()).isEmpty();
            assertThat(missed.missingSince()).contains(READ);
        }
    }

    @Test
    void whoever_comes_back_by_a_pull_is_as_it_says_and_what_was_pushed_before_he_went_is_forgotten() {
        AccountFact gone = facts.account(pushed(true)).gone(PUSHED.plusSeconds(1), Standing.LEFT);
        AccountFact back = heard.user(seen(), Optional.of(gone), facts).orElseThrow();
        assertThat(back.id()).isEqualTo(gone.id());
        assertThat(back.pushed()).isEmpty();
        assertThat(back.userName()).contains("ada@acme.com");
        assertThat(back.standing()).isEqualTo(Standing.IN);
        AccountFact since = facts.account(facts.account(gone.pushed(resource(true), Optional.of("u1"), PUSHED.plusSeconds(2))));
        assertThat(heard.user(seen(), Optional.of(since), facts).orElseThrow().pushed()).as("pushed after he went").contains(resource(true));
    }

    @Test
    void whom_a_push_disabled_before_it_deleted_him_only_a_complete_pull_brings_back() {
        AccountFact gone = facts.account(pushed(false)).gone(PUSHED.plusSeconds(1), Standing.LEFT);
        AccountFact changed = changes.user(seen(), Optional.of(gone), facts).orElseThrow();
        assertThat(changed.pushed()).isEmpty();
        assertThat(changed.standing()).as("a page of changes").isEqualTo(Standing.LEFT);
        assertThat(facts.account(changed).standing()).as("read again by an edited mapping").isEqualTo(Standing.LEFT);
        assertThat(heard.user(seen(), Optional.of(gone), facts).orElseThrow().standing()).isEqualTo(Standing.IN);
        Heard whole = new Heard(alpha, Ids.next(), false, LAG, active.deprovision(alpha), READ.plusSeconds(1));
        assertThat(whole.user(new Staged("u1", "seen", ada().pulled(), Optional.of(new byte[] {1}), Optional.empty(), READ.plusSeconds(1)), Optional.of(changed), facts).orElseThrow().standing()).isEqualTo(Standing.IN);
    }

    private AccountFact pushed(boolean active) {
        return ada().pushed(resource(active), Optional.of("u1"), PUSHED);
    }

    private static String resource(boolean active) {
        return "{\"externalId\":\"u1\",\"userName\":\"old@acme.com\",\"active\":" + active + "}";
    }

    private Staged seen() {
        return new Staged("u1", "whole", ada().pulled(), Optional.of(new byte[] {1}), Optional.empty(), READ);
    }

    private AccountFact ada() {
        return facts.account(AccountFact.unknown(Ids.next(), alpha, Optional.of("u1")).pulled("{\"record\":{\"id\":\"u1\",\"mail\":\"ada@acme.com\",\"name\":\"Ada\",\"active\":true,\"role\":\"member\",\"number\":\"\"}}", new byte[0], PULLED));
    }

    private GroupFact group() {
        return GroupFact.unknown(Ids.next(), alpha, Optional.of("g1")).pulled("{\"record\":{\"id\":\"g1\",\"name\":\"ws-Red-role-member\"}}", new byte[0], Optional.empty(), PULLED);
    }

    private static Staged not(String state, Instant askedAt) {
        return new Staged("u1", state, Optional.empty(), Optional.empty(), Optional.empty(), askedAt);
    }
}
