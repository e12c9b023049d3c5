package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String OKTA = "routes/okta.source.yaml";

    @Test
    void an_undeclared_setting_is_named_with_what_was_meant() {
        assertThat(faults(OKTA, "SSWS ${token}", "SSWS ${tokne}")).containsExactly("routes/okta.source.yaml:13:48: setting 'tokne' is not declared under settings; did you mean 'token'?");
        assertThat(faults(OKTA, "path: /users\n", "path: /${tenant}/users\n")).singleElement().asString().endsWith("declare it:  tenant: {env: <VARIABLE>}");
        assertThat(faults("routes/entra.source.yaml", "when: app-id  ", "when: app-idd  ")).anySatisfy(fault -> assertThat(fault).contains("unknown setting 'app-idd'; did you mean 'app-id'?"));
    }

    @Test
    void id_has_a_value_only_where_one_record_is_asked_for() {
        assertThat(faults(OKTA, "path: /users\n", "path: /users/${id}\n")).singleElement().asString().contains("setting 'id' is not declared");
        assertThat(faults(OKTA, "path: /groups/${id}/users", "path: /groups/users")).singleElement().asString().contains("asks for the same each time");
    }

    @Test
    void only_members_are_asked_for_record_by_record() {
        assertThat(faults("routes/entra.source.yaml", "  assignments:\n", "  assignments:\n    for-each: app\n")).anySatisfy(fault -> assertThat(fault).startsWith("routes/entra.source.yaml:37:15: only members are asked for record by record, not 'assignments'; read 'assignments' as a list of its own"));
    }

    @Test
    void rows_of_groups_are_expanded_where_one_person_may_have_several() {
        String entra = "routes/entra.source.yaml";
        assertThat(faults(entra, "    repeated: true ", "    repeated: false ")).singleElement().asString().contains("whoever is in several groups has several rows of 'assignments'; add repeated: true");
        assertThat(faults(entra, "/groups/${id}/members?$select=id&$top=999", "/groups/members")).singleElement().asString().contains("the path names no ${id}");
        assertThat(faults(entra, "  users:\n", "  users:\n    expand: {where: {/type: Group}, path: \"/groups/${id}\", member: /id}\n")).singleElement().asString().contains("'users' is no joined read; take 'expand' away");
    }

    @Test
    void a_secret_comes_from_outside_and_goes_into_no_url() {
        assertThat(faults(OKTA, "SSWS ${token}", "SSWS 00abc")).singleElement().asString().contains("nothing in it is secret");
        assertThat(faults(OKTA, "OKTA_TOKEN, secret: true", "OKTA_TOKEN")).singleElement().asString().contains("name a setting that says secret: true");
        assertThat(faults(OKTA, "OKTA_TOKEN, secret: true", "OKTA_TOKEN, secret: true, default: 00abc")).singleElement().asString().contains("a secret has no place in a file");
        assertThat(faults(OKTA, "path: /users\n", "path: /users?key=${token}\n")).singleElement().asString().contains("secret 'token' would go into a URL");
    }

    @Test
    void a_setting_says_where_its_value_comes_from() {
        assertThat(faults(OKTA, "{env: OKTA_URL}", "{secret: false}")).singleElement().asString().contains("setting 'url' does not say where its value comes from");
        assertThat(faults(OKTA, "url: ${url}/api/v1", "url: ${url/api/v1")).singleElement().asString().contains("'${' is not closed");
    }

    @Test
    void changes_are_asked_for_by_time_and_a_full_run_tells_who_is_gone() {
        assertThat(faults(OKTA, "'lastUpdated gt \"${since}\"'", "'lastUpdated gt \"${snice}\"'")).anySatisfy(fault -> assertThat(fault).contains("no parameter names ${since}"));
        assertThat(faults(OKTA, "complete: true ", "complete: false ")).allSatisfy(fault -> assertThat(fault).contains("add complete: true"));
        assertThat(faults(OKTA, "'lastUpdated gt \"${since}\"'}, overlap: 5m}", "'lastUpdated gt \"${since}\"'}, overlap: 5m}\n    cursor: /next")).anySatisfy(fault -> assertThat(fault).contains("by a cursor here and by time as well"));
        assertThat(faults(OKTA, "{limit: \"200\", filter: type eq \"BUILT_IN\"}", "{filter: \"${since}\"}")).singleElement().asString().contains("setting 'since' is not declared");
        assertThat(faults(OKTA, "{env: OKTA_URL} ", "{vault: okta} ")).singleElement().asString().contains("'okta' is not a vault's function, a colon and what it is asked for");
    }
}
