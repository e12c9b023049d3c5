package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ids;
import io.identitybridge.store.Staging.Staged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeardTest {
    private static final Path FILES = Path.of("src/test/resources/sim");
    private static final Instant PULLED = Instant.parse("2026-03-02T08:00:00Z");
    private static final Instant PUSHED = PULLED.plus(Duration.ofHours(1));
    private static final Instant READ = PULLED.plus(Duration.ofHours(2));
    private final SourceName alpha = new SourceName("alpha");
    private final Active active = Active.of(FileReader.read(FileReader.texts(FILES.resolve("routes"), FILES.resolve("mappings"))));
    private final MappedFacts facts = new MappedFacts(active, alpha, READ, misread -> { });
    private final Heard heard = new Heard(alpha, Ids.next(), false, Duration.ofMinutes(2), active.deprovision(alpha), READ);

    @Test
    void a_group_of_which_only_the_members_were_read_is_called_as_it_was_pushed_since() {
        GroupFact pulled = GroupFact.unknown(Ids.next(), alpha, Optional.of("g1")).pulled("{\"record\":{\"id\":\"g1\",\"name\":\"ws-Red-role-member\"}}", new byte[0], Optional.empty(), PULLED);
        GroupFact renamed = facts.group(pulled.pushed("{\"displayName\":\"ws-Blue-role-member\"}", Optional.of("g1"), PUSHED));
        Staged members = new Staged("g1", "seen", Optional.empty(), Optional.empty(), Optional.of(new byte[] {1}), READ);
        assertThat(heard.group(members, Optional.of(renamed), facts).orElseThrow().places()).extracting(Place::workspace).containsExactly("Blue");
    }
}
