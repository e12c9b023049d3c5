package io.identitybridge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedTest {
    private static final String ECHO = "invalid request of Olga Testova: {\"headers\":{\"x-portkey-api-key\":\"the-admin-key\",\"authorization\":\"Bearer the-scim-token\"},\"password\":\"hunter2\",\"phone\":\"+49 151 2345678\","
            + "\"name\":\"Olga Testova\",\"url\":\"/v1/admin/users?email=olga%40acme.com\"}";
    private static final List<String> SECRETS = List.of("the-admin-key", "the-scim-token", "hunter2", "151", "Testova", "olga", "acme");

    @Test
    void an_answer_that_echoes_the_request_tells_none_of_it() {
        assertThat(Quoted.sentence(ECHO, 300)).isEqualTo("invalid request of ...: ...");
        assertThat(Quoted.text(ECHO, List.of("Olga Testova"), 500)).doesNotContain(SECRETS).contains("invalid request");
        String nested = "{\"success\":false,\"data\":{\"message\":\"" + ECHO.replace("\"", "\\\"") + "\",\"errorCode\":\"AB01\"}}";
        assertThat(Quoted.text(nested, List.of("Olga Testova"), 500)).doesNotContain(SECRETS).contains("AB01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "You do not have enough permissions to execute this request | You do not have enough permissions to execute this request",
        "displayName 'Rita Test' is not allowed | displayName ... is not allowed",
        "displayName \"Rudi Rast\" is not allowed | displayName ... is not allowed",
        "Invalid API key lab-admin-key for Olga Testova (Authorization: Bearer lab-admin-key) | Invalid API key ... for ... (...: ...",
        "no user 9f1c2d3e-aaaa-4bbb-8ccc-0123456789ab of ada@acme.com | no user ... of ...",
        "user usr_01HZX4T7ZK2Q9 is not in ws-sales-000003 | user ... is not in ...",
        "Trace id 7hQz2LmPq9 | Trace id ...",
        "at most 64 characters, in utf8 and ISO8859 | at most 64 characters, in utf8 and ISO8859",
        "call +49 (151) 234-5678 | call ...",
        "the token expired | the token expired"})
    void answers_of_one_cause_are_one_sentence(String said, String kept) {
        assertThat(Quoted.sentence(said, 300)).isEqualTo(kept);
    }

    @Test
    void a_name_is_left_out_in_any_case_and_only_as_a_word_of_its_own() {
        assertThat(Quoted.text("ADA lovelace is not in adamant", List.of("ada", "Ada Lovelace"), 500)).isEqualTo("... is not in adamant");
    }

    @Test
    void what_is_long_is_cut_and_stays_on_one_line() {
        assertThat(Quoted.text("line\r\nend\u202e " + "x ".repeat(10_000), List.of(), 100)).hasSize(100).startsWith("line end x").endsWith("...");
    }
}
