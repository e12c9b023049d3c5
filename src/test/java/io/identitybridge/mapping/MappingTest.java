package io.identitybridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the shipped mapping of Okta, or an edit of it, makes of one record. */
class MappingTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final Mapping okta = mapping("okta", "mapping: okta", "mapping: okta");

    @Test
    void a_record_becomes_a_user_in_scims_terms() {
        MappedUser made = okta.user(pulled(Map.of("department", "Research", "portkeyRole", "Admin")), NOW);
        assertThat(made.user().orElseThrow().email()).isEqualTo("ada@acme.com");
        assertThat(made.user().orElseThrow().roles()).containsExactly("Admin");
        assertThat(made.standing()).contains(Standing.IN_IF_PLACED);
        assertThat(made.places()).extracting("workspace", "role").containsExactly(org.assertj.core.groups.Tuple.tuple("Research", Role.MEMBER));
    }

    @Test
    void a_bad_name_never_holds_a_leaver_back() {
        Map<String, Object> record = record(Map.of());
        record.put("status", "DEPROVISIONED");
        profile(record).put("login", null);
        profile(record).remove("firstName");
        MappedUser made = okta.user(new Input("00u1", Optional.of(Map.of("record", record)), Optional.empty(), false), NOW);
        assertThat(made.standing()).contains(Standing.LEFT);
        assertThat(made.problems()).isEmpty();
    }

    @Test
    void an_e_mail_is_exactly_one_address() {
        for (String none : List.of("d12@evil.com,d12@acme.com", "d3@evil.com@acme.com", "d13@evil.com\n@acme.com", " d11@acme.com", "d11@acme.com ", "d\u00a0@acme.com", "d\u200b@acme.com", "d\u0000@acme.com",
                "Ada <ada@acme.com>", "ada@acme.com;", "ada@acme.com>", "\"ada\"@acme.com", "(x)ada@acme.com", "ada", "@acme.com", "ada@", "ada@acme..com", "ada@.acme.com", "ada@-acme.com", "ada@acme.com.", "ada@[127.0.0.1]",
                "a".repeat(65) + "@acme.com", "\u00e9".repeat(33) + "@acme.com", "a@" + "b".repeat(249) + ".com")) {
            MappedUser made = okta.user(pulled(Map.of("email", none)), NOW);
            assertThat(made.user()).as(none).isEmpty();
            assertThat(made.problems()).as(none).singleElement().extracting(Problem::sentence).asString().startsWith("user 00u1: email: it gives ");
        }
        for (String one : List.of("ada@acme.com", "ada.byron+portkey@acme.co.uk", "o'neil_x!#$%&*/=?^`{|}~-@acme.com", "\u7528\u6237@\u4f8b\u5b50.\u5e7f\u544a", "zo\u00eb@b\u00fccher.example", "ada@xn--bcher-kva.example", "\u0905\u091c\u092f@\u0921\u093e\u091f\u093e.\u092d\u093e\u0930\u0924", "a".repeat(64) + "@acme.com", "ada@localhost")) {
            assertThat(okta.user(pulled(Map.of("email", one)), NOW).user()).as(one).isPresent();
        }
    }

    @Test
    void a_null_is_never_a_word_in_a_name() {
        Map<String, Object> record = record(Map.of());
        profile(record).put("firstName", null);
        Input nameless = new Input("00u1", Optional.of(Map.of("record", record)), Optional.empty(), false);
        for (String name : List.of("'[record.profile.?firstName.orValue(\"\"), record.profile.lastName].join(\" \")'", "'[record.profile].map(p, p.firstName).join()'", "record.profile.?firstName.orValue(\"\") + \" x\"",
                "string(record.profile.?firstName.orValue(\"\"))")) {
            MappedUser made = mapping("okta", displayName(), "displayName: " + name).user(nameless, NOW);
            assertThat(made.problems()).as(name).singleElement().extracting(Problem::sentence).asString().startsWith("user 00u1: displayName: ").doesNotContain("NULL_VALUE");
        }
        assertThat(mapping("okta", displayName(), "displayName: '[record.profile.?firstName.orValue(\"\")].join()'").user(nameless, NOW).problems()).extracting(Problem::sentence)
                .containsExactly("user 00u1: displayName: cannot be evaluated: join: a part is null; leave it out with .filter(part, part != null)");
        assertThat(mapping("okta", displayName(), "displayName: '[record.profile.?firstName.orValue(\"\")].filter(n, n != null).join()'").user(nameless, NOW).user().orElseThrow().displayName()).as("the login name where it is empty").isEqualTo("ada@acme.com");
    }

    @Test
    void what_cannot_be_read_is_a_problem_that_names_field_and_attribute_and_leaves_him_as_he_is() {
        Map<String, Object> record = record(Map.of());
        profile(record).remove("email");
        MappedUser made = okta.user(new Input("00u1", Optional.of(Map.of("record", record)), Optional.empty(), false), NOW);
        assertThat(made.user()).isEmpty();
        assertThat(made.standing()).as("as before").isEmpty();
        assertThat(made.problems()).extracting(Problem::sentence).containsExactly("user 00u1: email: no value for 'record.profile.email'");
    }

    @Test
    void the_newer_of_push_and_pull_says_who_is_active() {
        Map<String, Object> pushed = Map.of("userName", "ada@acme.com", "active", false);
        assertThat(okta.user(new Input("00u1", Optional.of(Map.of("record", record(Map.of()))), Optional.of(pushed), true), NOW).standing()).contains(Standing.LEFT);
        assertThat(okta.user(new Input("00u1", Optional.of(Map.of("record", record(Map.of()))), Optional.of(pushed), false), NOW).standing()).contains(Standing.IN_IF_PLACED);
    }

    @Test
    void a_pushed_user_is_read_by_scims_own_names_in_every_form_of_roles() {
        for (Object roles : List.of("admin", List.of("admin"), List.of(Map.of("value", "admin")), Map.of("value", "admin"), List.of(Map.of("value", "{\"id\":\"1\",\"value\":\"admin\"}")))) {
            MappedUser made = okta.user(new Input("x", Optional.empty(), Optional.of(Map.of("userName", "ada@acme.com", "roles", roles)), true), NOW);
            assertThat(made.user().orElseThrow().roles()).as(roles.toString()).containsExactly("admin");
        }
    }

    @Test
    void only_the_fields_that_expressions_name_are_kept_and_hashed() {
        Map<String, Object> record = record(Map.of("department", "Sales", "shoeSize", "44"));
        record.put("credentials", Map.of("password", "secret"));
        Map<String, Object> kept = okta.projectUser(Map.of("record", record));
        assertThat(kept.toString()).contains("department").doesNotContain("shoeSize", "secret");
        profile(record).put("shoeSize", "45");
        assertThat(okta.hash(okta.projectUser(Map.of("record", record)))).isEqualTo(okta.hash(kept));
        assertThat(mapping("okta", "role: member\n\ndeprovision", "role: manager\n\ndeprovision").hash(kept)).as("an edited mapping looks at everything again").isNotEqualTo(okta.hash(kept));
    }

    @Test
    void a_letter_shows_what_decides_and_names_the_rest() {
        Map<String, Object> pushed = Map.of("userName", "ada@acme.com", "emails", List.of(Map.of("value", "ada@acme.com", "homePhone", "555")), "phoneNumbers", List.of(Map.of("value", "555")), "title", "Countess");
        Map<String, Object> record = record(Map.of("department", "Sales", "shoeSize", "44"));
        Redacted shown = okta.redactUser(new Input("00u1", Optional.of(Map.of("record", record)), Optional.of(pushed), true));
        assertThat(shown.record().toString()).contains("ada@acme.com", "Sales").doesNotContain("555", "Countess", "44");
        assertThat(shown.unknown()).containsExactlyInAnyOrder("record.profile.shoeSize", "resource.emails.homePhone", "resource.phoneNumbers", "resource.title");
    }

    @Test
    void a_phone_or_a_street_is_in_no_letter_even_where_an_expression_reads_it() {
        Mapping reads = mapping("okta", displayName(), "displayName: record.profile.mobilePhone + string(record.profile.home)");
        Map<String, Object> record = record(Map.of("mobilePhone", "555", "home", Map.of("streetAddress", "1 St James Square", "emailAddress", "ada@home.example")));
        Redacted shown = reads.redactUser(new Input("00u1", Optional.of(Map.of("record", record)), Optional.empty(), false));
        assertThat(shown.record().toString()).contains("ada@home.example").doesNotContain("555", "St James");
        assertThat(shown.unknown()).contains("record.profile.mobilePhone", "record.profile.home.streetAddress");
    }

    @Test
    void an_expression_that_doubles_its_text_again_and_again_ends_as_a_problem() {
        String name = displayName();
        for (String bomb : List.of("'[record.profile.firstName]" + ".map(a, a + a)".repeat(40) + "[0]'", "'[[record.profile.firstName]]" + ".map(a, a + a)".repeat(40) + "[0].join()'",
                "\"'a'" + ".replace('a', 'aaaaaaaaaaaaaaaa')".repeat(20) + "\"")) {
            Mapping mapping = mapping("okta", name, "displayName: " + bomb);
            assertThat(mapping.user(new Input("00u1", Optional.of(Map.of("record", record(Map.of()))), Optional.empty(), false), NOW).problems()).as(bomb).singleElement().extracting(Problem::sentence).asString()
                    .contains("displayName: cannot be evaluated: more than 8192");
        }
        Mapping joins = mapping("okta", name, "displayName: '[record.profile.firstName.replace(\"A\", \"U\"), \"x\".replace(\"\", \"-\")].join(\" \") + \"!\"'");
        assertThat(joins.user(new Input("00u1", Optional.of(Map.of("record", record(Map.of()))), Optional.empty(), false), NOW).user().orElseThrow().displayName()).isEqualTo("Uda -x-!");
    }

    @Test
    void an_expression_that_would_run_for_minutes_ends_as_a_problem() {
        Mapping slow = mapping("okta", displayName(),
                "displayName: 'string(record.list.map(a, record.list.map(b, record.list.map(c, c)).size()).size())'");
        Map<String, Object> record = record(Map.of());
        record.put("list", java.util.stream.LongStream.range(0, 400).boxed().toList());
        MappedUser made = slow.user(new Input("00u1", Optional.of(Map.of("record", record)), Optional.empty(), false), NOW);
        assertThat(made.problems()).extracting(Problem::where).containsExactly("displayName");
    }

    @Test
    void an_expression_that_reads_the_clock_says_so() {
        assertThat(okta.readsNow()).isFalse();
        assertThat(mapping("acme-directory", "mapping: acme", "mapping: acme").readsNow()).isTrue();
    }

    /** The shipped mapping's own way to a name, over several lines. */
    private static String displayName() {
        String okta = FileReader.texts(Path.of("routes"), Path.of("mappings")).get("mappings/okta.yaml");
        int from = okta.indexOf("displayName:");
        return okta.substring(from, okta.indexOf("\n  active:", from));
    }

    private static Mapping mapping(String name, String passage, String instead) {
        Map<String, String> texts = new TreeMap<>(FileReader.texts(Path.of("routes"), Path.of("mappings")));
        String file = "mappings/" + name + ".yaml";
        if (!texts.get(file).contains(passage)) {
            throw new IllegalArgumentException(file + " does not hold: " + passage);
        }
        texts.put(file, texts.get(file).replace(passage, instead));
        return Mapping.compile(FileReader.read(texts), new SourceName(name));
    }

    private static Input pulled(Map<String, Object> profile) {
        return new Input("00u1", Optional.of(Map.of("record", record(profile))), Optional.empty(), false);
    }

    private static Map<String, Object> record(Map<String, Object> more) {
        Map<String, Object> profile = new HashMap<>(Map.of("login", "Ada@acme.com", "email", "Ada@acme.com", "firstName", "Ada", "lastName", "Byron"));
        profile.putAll(more);
        return new HashMap<>(Map.of("id", "00u1", "status", "ACTIVE", "profile", profile));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> profile(Map<String, Object> record) {
        return (Map<String, Object>) record.get("profile");
    }
}
