package io.identitybridge.plan;

import static io.identitybridge.plan.Some.ENTRA;
import static io.identitybridge.plan.Some.OKTA;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.SourceName;
import io.identitybridge.model.User;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whose account a new one is: said once, or a letter; never guessed. */
class LinkerTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);

    @Test
    void nobody_known_is_somebody_new() {
        assertThat(decide(OKTA, "ada@acme.com", null)).isEqualTo(new Linker.Decision.Newcomer(List.of()));
    }

    @Test
    void the_same_address_at_another_source_is_the_same_person_in_any_case() {
        assertThat(decide(OKTA, "Ada@Acme.com", null, candidate(ONE, "ada@acme.com", null, true, ENTRA))).isEqualTo(new Linker.Decision.Join(ONE, "email"));
    }

    @Test
    void the_same_address_at_the_same_source_is_a_letter() {
        assertThat(decide(OKTA, "ada@acme.com", null, candidate(ONE, "ada@acme.com", null, true, OKTA))).isInstanceOf(Linker.Decision.Unclear.class);
    }

    @Test
    void an_archived_holder_gives_his_address_up_to_a_newcomer() {
        assertThat(decide(OKTA, "ada@acme.com", null, candidate(ONE, "ada@acme.com", null, false, OKTA))).isEqualTo(new Linker.Decision.Newcomer(List.of(ONE)));
    }

    @Test
    void a_person_key_joins_whatever_the_address_and_two_of_them_are_a_letter() {
        assertThat(decide(OKTA, "new@acme.com", "4711", candidate(ONE, "old@acme.com", "4711", false, OKTA))).isEqualTo(new Linker.Decision.Join(ONE, "person"));
        assertThat(decide(OKTA, "new@acme.com", "4711", candidate(ONE, "a@acme.com", "4711", true, OKTA), candidate(TWO, "b@acme.com", "4711", true, ENTRA))).isInstanceOf(Linker.Decision.Unclear.class);
    }

    @Test
    void an_inactive_account_of_an_authority_is_his_who_has_its_person_key() {
        assertThat(leaver("ada@acme.com", "4711", candidate(ONE, "other@acme.com", "4711", true, ENTRA))).contains(new Linker.Decision.Join(ONE, "person"));
        assertThat(leaver("ada@acme.com", "4711", candidate(ONE, "ada@acme.com", "4711", true, ENTRA, OKTA))).as("whom that source has as active, too").isEmpty();
        assertThat(leaver("ada@acme.com", "4711")).as("and makes nobody").isEmpty();
        assertThat(leaver("ada@acme.com", "4711", candidate(ONE, "a@acme.com", "4711", true, ENTRA), candidate(TWO, "b@acme.com", "4711", true, ENTRA)).orElseThrow()).isInstanceOf(Linker.Decision.Unclear.class);
    }

    @Test
    void and_a_letter_where_somebody_active_has_only_its_address() {
        assertThat(leaver("Ada@acme.com", null, candidate(ONE, "ada@acme.com", "4711", true, ENTRA)).orElseThrow()).isInstanceOf(Linker.Decision.Unclear.class);
        assertThat(leaver("ada@acme.com", "0815", candidate(ONE, "ada@acme.com", "4711", true, ENTRA))).as("another number is somebody else").isEmpty();
        assertThat(leaver("ada@acme.com", null, candidate(ONE, "ada@acme.com", null, false, ENTRA))).as("whoever is archived has nothing to lose").isEmpty();
        assertThat(leaver("ada@evil.example", null, candidate(ONE, "ada@evil.example", null, true, ENTRA))).as("of a domain that it may not name").isEmpty();
    }

    private static Optional<Linker.Decision> leaver(String email, String personKey, Linker.Candidate... known) {
        return new Linker(Some.organisation()).leaver(OKTA, "x1", new User(Optional.of("x1"), email, email, email, false, List.of(), Optional.ofNullable(personKey)), List.of(known));
    }

    private static Linker.Decision decide(SourceName source, String email, String personKey, Linker.Candidate... known) {
        return new Linker(Some.organisation()).decide(source, "x1", new User(Optional.of("x1"), email, email, email, true, List.of(), Optional.ofNullable(personKey)), List.of(known));
    }

    private static Linker.Candidate candidate(UUID id, String email, String personKey, boolean active, SourceName... sources) {
        return new Linker.Candidate(id, email, Optional.ofNullable(personKey), active, false, Set.of(sources));
    }
}
