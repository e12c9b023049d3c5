package io.identitybridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Group names and what Portkey's pattern makes of them: prefix, separator, name, then workspace and role, or - where it is a plain group. */
class GroupPatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ws- | -role- | ws-Sales-role-admin | Sales | admin",
        "ws- | -role- | ws-Engineering-role-manager | Engineering | manager",
        "ws- | -role- | ws-Marketing-role-member | Marketing | member",
        "ws- | -role- | ws-Complex Workspace-role-admin | Complex Workspace | admin",
        "ws- | -role- | ws-Sales-role-ADMIN | Sales | admin",
        "ws- | -role- | ws-Sales-role-owner | - | -",
        "ws- | -role- | ws-Sales | - | -",
        "ws- | -role- | Engineering Team | - | -",
        "ws- | -role- | ws--role-admin | - | -",
        "ws- | -role- | ws-team-role-x-role-member | team-role-x | member",
        "ws- | -role- | WS-Sales-role-admin | - | -",
        "portkey- | _role_ | portkey-Sales_role_member | Sales | member",
        "org- | .role. | org-Data.Science.role.manager | Data.Science | manager",
        "portkey- | _role_ | ws-Sales-role-admin | - | -"})
    void a_name_gives_workspace_and_role_or_is_a_plain_group(String prefix, String separator, String name, String workspace, String role) {
        Optional<GroupPattern.Match> match = GroupPattern.of(new Organisation.Pattern(prefix, separator)).match(name);
        assertThat(match).isEqualTo(workspace.equals("-") ? Optional.empty() : Optional.of(new GroupPattern.Match(workspace, Role.of(role).orElseThrow())));
    }

    @Test
    void a_pattern_of_a_mappings_own_names_workspace_and_role() {
        assertThat(GroupPattern.of("ai.{workspace}.{role}", Optional.empty()).match("ai.Data.Science.manager")).contains(new GroupPattern.Match("Data.Science", Role.MANAGER));
        assertThat(GroupPattern.of("{workspace} owners", Optional.of(Role.ADMIN)).match("Sales owners")).contains(new GroupPattern.Match("Sales", Role.ADMIN));
        assertThat(GroupPattern.of("{workspace} owners", Optional.of(Role.ADMIN)).match("Sales team")).isEmpty();
    }

    @Test
    void signs_of_regular_expressions_mean_themselves() {
        assertThat(GroupPattern.of("a.{workspace}+{role}", Optional.empty()).match("abSales+admin")).isEmpty();
        assertThat(GroupPattern.of("a.{workspace}+{role}", Optional.empty()).match("a.Sales+admin")).contains(new GroupPattern.Match("Sales", Role.ADMIN));
    }
}
