package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left of a sentence when somebody in it is forgotten: what happened, and to one and the same. */
class PseudonymTest {
    private final Pseudonym ada = Pseudonym.of(UUID.fromString("3f9c1a2b-0000-7000-8000-000000000000"), List.of("Ada@acme.com", "ada", "Ada Lovelace"));

    @Test
    void his_own_sentences_keep_what_happened_and_lose_every_name() {
        assertThat(ada.in("create user other@acme.com")).as("whatever he was called then").isEqualTo("create user person:3f9c1a2b");
        assertThat(ada.in("rename user a@acme.com to b@acme.com")).isEqualTo("rename user person:3f9c1a2b to person:3f9c1a2b");
        assertThat(ada.in("update user ada@acme.com: displayName \"Ada\" -> \"A. Lovelace\"")).isEqualTo("update user person:3f9c1a2b: displayName \"...\" -> \"...\"");
        assertThat(ada.in("add ada@acme.com to Ada Lovelace Fans as admin")).as("a workspace is no person").isEqualTo("add person:3f9c1a2b to Ada Lovelace Fans as admin");
        assertThat(ada.in("make ada@acme.com organisation admin")).isEqualTo("make person:3f9c1a2b organisation admin");
        assertThat(ada.in("lower ada@acme.com in Sales from admin to member")).isEqualTo("lower person:3f9c1a2b in Sales from admin to member");
        assertThat(ada.in("revoke ADA@acme.com: Ada Lovelace was dismissed")).isEqualTo("revoke person:3f9c1a2b: person:3f9c1a2b was dismissed");
    }

    @Test
    void in_other_texts_only_whole_words_are_names() {
        assertThat(ada.within("link lab ada to bob@acme.com, no longer to Ada@Acme.com.")).isEqualTo("link lab person:3f9c1a2b to bob@acme.com, no longer to person:3f9c1a2b.");
        assertThat(ada.within("ada@acme.com.example, canada, ada.smith@acme.com, x-ada@acme.com, ada-2")).isEqualTo("ada@acme.com.example, canada, ada.smith@acme.com, x-ada@acme.com, ada-2");
    }

    @Test
    void a_sentence_says_whom_it_names() {
        assertThat(Pseudonym.named("rename user a@acme.com to b@acme.com")).containsExactly("a@acme.com", "b@acme.com");
        assertThat(Pseudonym.named("create workspace Sales")).isEmpty();
        assertThat(Pseudonym.named("pause lab")).isEmpty();
    }
}
