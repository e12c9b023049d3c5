package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The addresses that a search finds somebody by: one is taken out by a short way, and it is the same as by the long one. */
class PushedAddressesTest {
    private static final JdbcTemplate SQL = new JdbcTemplate(TestDatabase.fresh());
    private static final String LONG_WAY = "select (select array_agg(distinct lower(v #>> '{}')) from jsonb_path_query(?::jsonb, '$.emails[*].value') as v where octet_length(v #>> '{}') <= 1000)::text";

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{'emails':null}", "{'emails':[]}", "{'emails':[{'value':'Ada@Acme.com'}]}", "{'emails':[{'value':'Ada@Acme.com','type':'work'},{'value':'B@acme.com'},{'value':'ada@acme.com'}]}",
            "{'emails':{'value':'Ada@acme.com'}}", "{'emails':'Ada@acme.com'}", "{'emails':['Ada@acme.com']}", "{'emails':[[{'value':'Ada@acme.com'}]]}", "{'emails':[{}]}", "{'emails':[{'value':null}]}", "{'emails':[{'value':4711}]}",
            "{'emails':[{'value':['A','B']}]}", "{'emails':[{'value':{'value':'A'}}]}", "{'emails':[{'value':''}]}", "{'emails':[null]}", "[{'emails':[{'value':'A'}]}]", "{'emails':[{'VALUE':'A'}]}"})
    void the_addresses_are_those_of_the_path(String document) {
        same(document.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void one_that_is_too_long_for_an_index_is_left_out(int length) {
        same("{\"emails\":[{\"value\":\"" + "a".repeat(length) + "\"}]}");
    }

    private static void same(String document) {
        assertThat(SQL.queryForObject("select scim_addresses(?::jsonb)::text", String.class, document)).isEqualTo(SQL.queryForObject(LONG_WAY, String.class, document));
    }
}
