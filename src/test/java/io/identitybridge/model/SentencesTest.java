package io.identitybridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void what_is_no_change_is_none() {
        for (String other : List.of("", "approve plan 3 (1 of 2 lines)", "revoke a@b.c: because", "add a@b.c to Sales as king", "rejected: archive user a@b.c")) {
            assertThat(Sentences.read(other)).as(other).isEmpty();
        }
    }
}
