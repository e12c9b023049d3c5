package io.identitybridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void every_sentence_reads_back_as_the_change_that_says_it() {
        List<Change> all = List.of(new Change.CreateUser("a@b.c"), new Change.ArchiveUser("a@b.c"), new Change.ReviveUser("a@b.c"), new Change.RenameUser("a@b.c", "d@b.c"),
                new Change.UpdateUser("a@b.c", "displayName", "A \"x\"", "B -> C"), new Change.SetOrgRole("a@b.c", OrgRole.MEMBER, OrgRole.OWNER),
                new Change.Add("a@b.c", "Sales to go as is", Role.ADMIN), new Change.Keep("a@b.c", "in or out", Role.MEMBER), new Change.Raise("a@b.c", "from here", Role.MEMBER, Role.ADMIN),
                new Change.Lower("a@b.c", "Sales", Role.ADMIN, Role.MANAGER), new Change.Remove("a@b.c", "away from home"), new Change.CreateWorkspace("X"), new Change.ArchiveWorkspace("X"), new Change.RenameWorkspace("X", "Y"));
        all.forEach(change -> assertThat(Sentences.read(change.sentence())).as(change.sentence()).contains(change));
    }

    @Test
    void a_name_or_an_address_reads_back_whatever_is_in_it() {
        Random random = new Random(4_711);
        String[] parts = {"\"", "\\", " ", "\n", "\r\n", "\t", " -> ", "\" -> \"", " to ", " from ", " as admin", "\u001b[2K", "\u202e", "\u2028", "n", "u0041", "Ada", "é", "@", ": displayName ", "\\\""};
        for (int i = 0; i < 5_000; i++) {
            Supplier<String> text = () -> random.ints(1 + random.nextInt(5), 0, parts.length).mapToObj(n -> parts[n]).collect(Collectors.joining());
            List<Change> all = List.of(new Change.CreateUser(text.get()), new Change.ArchiveUser(text.get()), new Change.ReviveUser(text.get()), new Change.RenameUser(text.get(), text.get()), new Change.UpdateUser(text.get(), "displayName", text.get(), text.get()),
                    new Change.SetOrgRole(text.get(), OrgRole.MEMBER, OrgRole.OWNER), new Change.Add(text.get(), text.get(), Role.ADMIN), new Change.Keep(text.get(), text.get(), Role.MEMBER), new Change.Raise(text.get(), text.get(), Role.MEMBER, Role.ADMIN),
                    new Change.Lower(text.get(), text.get(), Role.ADMIN, Role.MANAGER), new Change.Remove(text.get(), text.get()), new Change.CreateWorkspace(text.get()), new Change.ArchiveWorkspace(text.get()), new Change.RenameWorkspace(text.get(), text.get()));
            all.forEach(change -> assertThat(Sentences.read(change.sentence())).as(change.sentence()).contains(change));
            all.forEach(change -> assertThat(change.sentence()).doesNotContainPattern("[\\p{Cc}\u202a-\u202e\u2028]"));
        }
    }

    @Test
    void a_sentence_is_as_short_as_its_names_allow_and_one_of_before_still_reads() {
        assertThat(new Change.UpdateUser("a@b.c", "displayName", "B\" -> \"C", "D").sentence()).isEqualTo("update user a@b.c: displayName \"B\\\" -> \\\"C\" -> \"D\"");
        assertThat(new Change.Add("a@b.c", "Sales to go", Role.ADMIN).sentence()).isEqualTo("add a@b.c to Sales to go as admin");
        assertThat(Sentences.read("update user a@b.c: displayName \"A \"x\"\" -> \"B\"")).contains(new Change.UpdateUser("a@b.c", "displayName", "A \"x\"", "B"));
        assertThat(Sentences.read("create user \"john\"@b.c")).contains(new Change.CreateUser("\"john\"@b.c"));
    }

    @Test
    void what_is_no_change_is_none() {
        for (String other : List.of("", "approve plan 3 (1 of 2 lines)", "revoke a@b.c: because", "add a@b.c to Sales as king", "rejected: archive user a@b.c")) {
            assertThat(Sentences.read(other)).as(other).isEmpty();
        }
    }
}
