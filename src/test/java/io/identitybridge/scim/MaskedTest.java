package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the request log shows of paths and refusals: names of ours, and no value. */
class MaskedTest {
    @Test
    void a_value_that_stands_without_quotes_is_hidden_however_it_is_spaced() {
        for (String blank : new String[] {" ", "  ", "\t ", " \n", "\u00a0", " ".repeat(50)}) {
            for (String value : new String[] {"15551234567", "+1 555 123 4567", "Ada Lovelace"}) {
                assertThat(Masked.path("phoneNumbers[type eq \"work\" and value eq" + blank + value + "].type")).isEqualTo("phoneNumbers[type eq \"***\" and value eq" + blank + "***].type");
            }
        }
        assertThat(Masked.path("phoneNumbers[value eq 15551234567 or value eq  15550000000].type")).isEqualTo("phoneNumbers[value eq *** or value eq  ***].type");
    }

    @Test
    void a_number_as_long_as_a_telephones_is_hidden_where_no_value_belongs() {
        assertThat(Masked.path("phoneNumbers[15551234567]")).isEqualTo("phoneNumbers[***]");
        assertThat(Masked.path("phoneNumbers.+1-555-123-4567")).isEqualTo("phoneNumbers.***");
        assertThat(Masked.path("+1 (555) 123 4567")).isEqualTo("***");
    }

    @Test
    void names_of_ours_are_shown_as_they_are() {
        for (String name : new String[] {"emails[primary eq true].value", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "urn:acme:scim:20260101:User:x", "extensionAttribute15", "members"}) {
            assertThat(Masked.path(name)).isEqualTo(name);
        }
    }

    @Test
    void a_refusal_shows_no_number_that_its_path_compared() {
        assertThat(Masked.quoted("'phoneNumbers[value gt  15551234567 or display eq \"Ada\"].type' finds no element")).isEqualTo("'phoneNumbers[value gt  *** or display eq \"***\"].type' finds no element");
        for (String ours : new String[] {"'active' is compared by eq or ne", "longer than 4096 bytes in UTF-8", "an operator is one of eq, ne, co, sw, ew, pr, gt, ge, lt, le"}) {
            assertThat(Masked.quoted(ours)).isEqualTo(ours);
        }
    }

    @Test
    void a_value_behind_an_operator_of_another_language_is_a_value_too() {
        for (String path : new String[] {"emails[value = Byron]", "emails[value=Byron]", "emails[value!=Byron and type eq \"work\"]", "members[value=Ada Byron]", "userName=Byron", "emails[value=~Byron]", "emails[value<>'Byron']", "emails[value == \"Byron\"]"}) {
            assertThat(Masked.path(path)).as(path).doesNotContain("Byron").startsWith(path.substring(0, 7));
        }
        assertThat(Masked.path("emails[value==Byron].type")).isEqualTo("emails[value==***].type");
    }
}
