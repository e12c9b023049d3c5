package io.identitybridge.check;

import static io.identitybridge.check.Slips.SHIPPED;
import static io.identitybridge.check.Slips.edit;
import static io.identitybridge.check.Slips.faults;
import static io.identitybridge.check.Slips.told;
import static io.identitybridge.check.Slips.toldBefore;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped files are whole; one slip in one line is told with its place and what to do. */
class CheckTest {
    @Test
    void the_shipped_files_have_no_fault() {
        assertThat(faults(SHIPPED)).isEmpty();
    }

    @Test
    void a_misspelt_key() {
        told("mappings/okta.yaml", "\nuser:  ", "\nusre:  ", "usre", "unknown key 'usre'; did you mean 'user'?");
    }

    @Test
    void an_unknown_function() {
        told("mappings/okta.yaml", "record.profile.login.lowerAscii()", "record.profile.login.lowerAsci()", "()", "undeclared reference to 'lowerAsci'; did you mean 'lowerAscii'?");
    }

    @Test
    void an_unknown_variable() {
        told("mappings/okta.yaml", "email:       record.profile.email", "email:       recrod.profile.email", "recrod", "undeclared reference to 'recrod'; did you mean 'record'?");
    }

    @Test
    void types_that_do_not_go_together() {
        told("mappings/acme-directory.yaml", "string(record.staffNo)", "1 + \"a\"", "+ \"a\"", "found no matching overload for '_+_' applied to '(int, string)'; the types do not go together; convert one of them");
    }

    @Test
    void a_type_that_the_attribute_cannot_have() {
        told("mappings/okta.yaml", "active:      '!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"])'", "active:      '\"yes\"'", "'\"yes\"'", "a truth value (true or false) is needed");
    }

    @Test
    void a_misspelt_field_of_the_identity_provider_met_by_a_test() {
        told("mappings/okta.yaml", "record.profile.login.lowerAscii()", "record.profle.login.lowerAscii()", "record.profle", "no value for 'record.profle.login'; did you mean 'profile'?");
    }

    @Test
    void a_misspelt_optional_field_is_named_before_the_plans_that_miss_it() {
        Map<String, String> edited = edit(SHIPPED, "mappings/okta.yaml", "record.profile.?department.orValue", "record.profile.?departmnt.orValue");
        assertThat(faults(edited).getFirst()).isEqualTo("mappings/okta.yaml:33:27: 'record.profile.?departmnt': no record of the tests has a 'departmnt' there; did you mean 'department'?");
    }

    @Test
    void a_wrong_expected_plan() {
        told("mappings/okta.yaml", "- add ada@acme.com to Complex Workspace as admin", "- add ada@acme.com to Complex Workspace as manager", "add ada@acme.com to Complex Workspace as manager",
                "plan has no line 'add ada@acme.com to Complex Workspace as manager'; it has 'add ada@acme.com to Complex Workspace as admin': change this line to that, or the rule");
    }

    @Test
    void a_line_that_no_test_expected() {
        toldBefore("mappings/keycloak.yaml", "      - create workspace Sales\n      - add ada@acme.com to Sales as manager\n  - name: no e-mail", "      - add ada@acme.com to Sales as manager\n  - name: no e-mail", "- create user ada@acme.com", "plan also has 'create workspace Sales'; add it to plan, or change what leads to it");
    }

    @Test
    void a_rule_that_no_test_meets() {
        told("mappings/keycloak.yaml", "  - group: pattern\n", "  - group: pattern\n  - {group: Architects, workspaces: [Design], role: manager}\n", "{group: Architects", "no test meets this rule; add a test in which it gives somebody a workspace");
    }

    @Test
    void a_broken_indent() {
        told("routes/okta-pull.camel.yaml", "\n      steps:", "\n     steps:", "steps:", "broken indent: this line begins with 5 blanks");
    }

    @Test
    void an_undeclared_setting() {
        told("routes/okta.source.yaml", "url: ${url}/api", "url: ${ulr}/api", "${ulr}", "setting 'ulr' is not declared under settings; did you mean 'url'?");
    }

    @Test
    void a_test_of_a_source_that_does_not_hold() {
        assertThat(faults(edit(SHIPPED, "routes/lab.source.yaml", "records: [00u1, 00u2, 00u3]", "records: [00u1, 00u2]")).getFirst()).startsWith("routes/lab.source.yaml:").contains("records: [00u1, 00u2, 00u3]; expected [00u1, 00u2]");
    }

    @Test
    void each_target_is_to_be_had() {
        for (String target : List.of("portkey-scim", "portkey-admin-api")) {
            assertThat(faults(edit(SHIPPED, "mappings/portkey.yaml", "target: store ", "target: " + target + " "))).as(target).isEmpty();
        }
    }
}
