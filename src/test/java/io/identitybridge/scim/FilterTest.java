package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.store.Match;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What filters come to, and which ask for what there is not. */
class FilterTest {
    @Test
    void every_time_that_can_be_written_can_be_compared() {
        for (String time : List.of("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-05:00", "0000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+294277-01-01T00:00:00Z", "2026-01-31T24:00:00", "2026-01-31T12:00:00.1234567891Z")) {
            assertThat(of("meta.created gt \"" + time + "\"")).as(time).isInstanceOfSatisfying(Match.Time.class, match -> assertThat(match.value()).isBetween(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z")));
        }
        refused("meta.created gt \"yesterday\"", "2026-01-31T12:00:00Z");
    }

    @Test
    void what_is_not_said_to_be_primary_is_not() {
        Match primary = new Match.Truth(List.of("primary"), true);
        assertThat(of("phoneNumbers[primary eq true]")).isEqualTo(new Match.Element(List.of("phoneNumbers"), primary));
        assertThat(of("phoneNumbers[primary eq false]")).isEqualTo(new Match.Element(List.of("phoneNumbers"), new Match.Not(primary)));
        assertThat(of("phoneNumbers.primary eq \"False\"")).isEqualTo(of("phoneNumbers[primary eq false]"));
        assertThat(of("phoneNumbers[primary ne true]")).isEqualTo(of("phoneNumbers[primary eq false]"));
        assertThat(of("phoneNumbers[primary ne false]")).isEqualTo(of("phoneNumbers[primary eq true]"));
        assertThat(of("active eq false")).isEqualTo(new Match.Truth(List.of("active"), false));
    }

    @Test
    void what_meta_and_an_element_do_not_have_is_refused_and_what_nobody_has_matches_nobody() {
        refused("meta.foo pr", "meta.foo");
        refused("id.x pr", "id.x");
        refused("emails[type.x eq \"work\"]", "type.x");
        refused("emails[urn:x:type eq \"work\"]", "urn:x:type");
        refused("emails[urn:x:type pr]", "urn:x:type");
        assertThat(of("meta.location pr")).isEqualTo(of("meta pr")).isEqualTo(new Match.All(List.of()));
        assertThat(of("emails[foo eq \"work\"]")).isEqualTo(new Match.Element(List.of("emails"), new Match.Nothing()));
        assertThat(of("foo pr")).isEqualTo(new Match.Nothing());
    }

    @Test
    void what_is_made_for_each_answer_is_asked_for_by_what_it_is_made_of() {
        refused("meta.location eq \"x\"", "ask for 'id'");
        refused("meta.version eq \"x\"", "meta.lastModified");
        for (String filter : List.of("groups.$ref pr", "groups.$ref eq \"x\"", "groups[$ref eq \"x\"]", "groups[not ($ref pr)]")) {
            refused(filter, "ask for 'groups.value'");
        }
        assertThatThrownBy(() -> new Conditions(ResourceType.GROUP, new Repairs()).of("members.$ref eq \"x\"")).hasMessageContaining("ask for 'members.value'");
    }

    @Test
    void a_filter_is_as_long_as_its_bytes() {
        assertThat(of("title eq \"" + "é".repeat(2_042) + "\"")).isInstanceOf(Match.Text.class);
        refused("title eq \"" + "é".repeat(2_043) + "\"", "4096 bytes");
    }

    private static Match of(String filter) {
        return new Conditions(ResourceType.USER, new Repairs()).of(filter);
    }

    private static void refused(String filter, String why) {
        assertThatThrownBy(() -> of(filter)).as(filter).isInstanceOf(ScimError.class).hasMessageContaining(why);
    }
}
