package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MisspellingTest {
    private static final String OKTA = "mappings/okta.yaml";

    @Test
    void a_misspelt_key_is_named_with_what_was_meant() {
        assertThat(faults(OKTA, "\nuser: ", "\nusre: ")).containsExactly("mappings/okta.yaml:10:1: unknown key 'usre'; did you mean 'user'?");
        assertThat(faults(OKTA, "  email: ", "  emial: ")).containsExactly("mappings/okta.yaml:13:3: unknown key 'emial'; did you mean 'email'?");
    }

    @Test
    void what_follows_from_a_misspelt_key_is_no_second_fault() {
        assertThat(faults("routes/okta.source.yaml", "for-each:", "foreach:")).singleElement().asString().endsWith("unknown key 'foreach'; did you mean 'for-each'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "mappings/okta.yaml | user-inactive: archive | user-inactive: archvie | 'archvie' is not taken here; did you mean 'archive'?",
            "mappings/okta.yaml | admit: in-any-workspace | admit: in-any-workspaces | did you mean 'in-any-workspace'?",
            "mappings/okta.yaml | like: ada, status | like: adda, status | unknown fixture 'adda'; did you mean 'ada'?",
            "mappings/portkey.yaml | mode: propose | mode: porpose | did you mean 'propose'?",
            "mappings/portkey.yaml | authority: [] | authority: [otka] | no mapping for source 'otka'; did you mean 'okta'?",
            "mappings/portkey.yaml | okta:  {mode | oktaa:  {mode | unknown source 'oktaa'; did you mean 'okta'?",
            "routes/okta.source.yaml | type: header | type: haeder | 'haeder' is not taken here; did you mean 'header'?",
            "routes/okta.source.yaml | for-each: groups | for-each: gruops | for-each 'gruops' is no list before 'members'; did you mean 'groups'?",
            "routes/acme-directory.source.yaml | {users: 50, | {usres: 50, | unknown list 'usres'; did you mean 'users'?",
            "routes/acme-directory.source.yaml | `  groups: {path` | `  gruops: {path` | a list called 'gruops' would be a joined read; did you mean 'groups'?",
            "routes/okta-pull.camel.yaml | idp:okta | idp:okat | no source 'okat' (routes/okat.source.yaml); did you mean 'okta'?"})
    void a_misspelt_word_or_reference_is_named_with_what_was_meant(String file, String passage, String instead, String fault) {
        assertThat(faults(file, passage, instead)).anySatisfy(said -> assertThat(said).startsWith(file + ":" + Shipped.line(file, passage) + ":").endsWith(fault));
    }

    @Test
    void a_key_given_twice_names_both_lines() {
        assertThat(faults(OKTA, "version: 1\n", "version: 1\nversion: 1\n"))
                .containsExactly("mappings/okta.yaml:6:1: 'version' is given twice, first in line 5; keep one of the two");
    }

    @Test
    void a_missing_key_says_what_it_is_for() {
        assertThat(faults(OKTA, "version: 1\n", "")).containsExactly("mappings/okta.yaml:4:1: 'version' is missing; add it: the version of this file format; 1 is the only one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "mappings/okta.yaml | after: 24h | after: 24 hours | '24 hours' is not a duration; write for example 24h, 5m, 30s",
            "mappings/portkey.yaml | workspace-shrinks: 50% | workspace-shrinks: 0.5 | expected text, found the number 0.5; write for example 5%, 0.5%",
            "mappings/portkey.yaml | until: 2027-06-30 | until: 2027-02-30 | '2027-02-30' is not a date; write for example 2027-06-30",
            "mappings/portkey.yaml | {at-most: 20} | {share: 5%} | write {share: 5%, always-allow: 5} or {at-most: 20}",
            "mappings/okta.yaml | role: member | role: owner | 'owner' is not taken here; use one of admin, manager, member",
            "mappings/okta.yaml | admit: in-any-workspace | admit: true | expected text, found true; put it in quotes: \"true\"",
            "routes/okta.source.yaml | limit: \"200\", filter: last | limit: 200, filter: last | expected text, found the number 200; put it in quotes: \"200\"",
            "mappings/acme-directory.yaml | now: 2026-03-31T12:00:00Z | now: 2026-03-31 | '2026-03-31' is not a moment; write for example 2026-03-31T12:00:00Z"})
    void a_value_of_the_wrong_kind_is_answered_with_an_example(String file, String passage, String instead, String fault) {
        assertThat(faults(file, passage, instead)).anySatisfy(said -> assertThat(said).startsWith(file + ":" + Shipped.line(file, passage) + ":").endsWith(fault));
    }

    @Test
    void the_faults_of_all_files_are_gathered() {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        texts.computeIfPresent(OKTA, (name, text) -> text.replace("user-inactive:", "user-inactiv:").replace("like: ada, status", "like: adda, status"));
        texts.computeIfPresent("mappings/keycloak.yaml", (name, text) -> text.replace("  email: ", "   email: "));
        texts.computeIfPresent("routes/entra.source.yaml", (name, text) -> text.replace("${graph}", "${grahp}"));
        List<String> faults = faults(texts);
        assertThat(faults).hasSize(4).anySatisfy(fault -> assertThat(fault).startsWith("mappings/keycloak.yaml:"));
    }
}
