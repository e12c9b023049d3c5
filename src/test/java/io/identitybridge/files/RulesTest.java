package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RulesTest {
    private static final String OKTA = "mappings/okta.yaml";
    private static final String LEADS = "- group: AI Platform Leads\n";
    private static final int LINE = Shipped.line(OKTA, LEADS);

    @Test
    void a_group_that_gives_two_roles_by_name_is_refused_with_both_lines() {
        assertThat(faults(OKTA, "- when: record.profile.?department.orValue(\"\") == \"Research\"\n", LEADS)).singleElement().asString()
                .startsWith(OKTA + ":" + (LINE + 3) + ":").contains("gives member here and admin in line " + LINE + ": one group gives one role");
    }

    @Test
    void groups_are_flattened_only_where_something_says_which_lie_in_which() {
        String okta = "routes/okta.source.yaml";
        assertThat(faults(okta, "    member: /id\n", "    member: /id\n    nested: flatten\n")).singleElement().asString().contains("nothing says which groups lie in which");
        assertThat(faults(okta, "    member: /id\n", "    member: /id\n    nested: flatten\n    member-group: {/type: GROUP}\n")).isEmpty();
        assertThat(faults(okta, "    member: /id\n", "    member: /id\n    nested: flaten\n")).singleElement().asString().contains("flatten");
        assertThat(faults(okta, "    by-id: {path: \"/users/${id}\", gone: [404]}\n", "    nested: flatten\n")).anySatisfy(fault -> assertThat(fault).contains("only a list with members has groups in groups"));
    }

    @Test
    void the_same_rule_again_is_no_fault() {
        assertThat(faults(OKTA, "- when: record.profile.?department.orValue(\"\") == \"Research\"\n    workspaces: [Research]\n    role: member", LEADS + "    workspaces: [Sales]\n    role: admin")).isEmpty();
    }

    @Test
    void a_group_of_the_pattern_may_not_be_mapped_by_name_as_well() {
        assertThat(faults(OKTA, LEADS, "- group: ws-Sales-role-Admin\n")).singleElement().asString().contains("is a group of portkey.yaml's pattern");
        assertThat(faults(OKTA, LEADS, "- group: ws-Sales-role-owner\n")).isEmpty();
    }

    @Test
    void a_rule_is_of_one_kind_and_whole() {
        assertThat(faults(OKTA, LEADS, "- role: member\n")).anySatisfy(fault -> assertThat(fault).contains("'role' is given twice"));
        assertThat(faults(OKTA, LEADS + "    workspaces: [Sales, Engineering]\n", LEADS)).singleElement().asString().contains("a group by its name needs workspaces");
        assertThat(faults(OKTA, LEADS, "- group: Leads\n    when: record.x\n")).singleElement().asString().contains("a rule has either group or when");
        assertThat(faults(OKTA, LEADS, "- group: '{worksapce} leads'\n")).anySatisfy(fault -> assertThat(fault).contains("did you mean 'workspace'?"));
        assertThat(faults("mappings/acme-directory.yaml", "  - group: \"{workspace} team\"\n    role: member\n", "  - group: \"{workspace} team\"\n"))
                .singleElement().asString().contains("the pattern has no {role}");
    }

    @Test
    void a_mapping_without_tests_is_not_loaded() {
        String text = Shipped.shipped().get("mappings/lab.yaml");
        assertThat(faults("mappings/lab.yaml", text.substring(text.indexOf("\ntests:")), "\n")).singleElement().asString().contains("'tests' is missing; add it: what records must become");
        assertThat(faults("mappings/lab.yaml", text.substring(text.indexOf("\ntests:")), "\ntests: []\n")).singleElement().asString().contains("'tests' is empty; add it: what records must become");
    }
}
