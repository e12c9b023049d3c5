package io.identitybridge.check;

import static io.identitybridge.check.Slips.SHIPPED;
import static io.identitybridge.check.Slips.edit;
import static io.identitybridge.check.Slips.faults;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A group is kept because it is assigned to the application, as the setup page of Entra says. */
class JoinedGroupsTest {
    private static final String MAPPING = "mappings/entra.yaml";
    private static final String ROW = "    given:\n      users:       [{like: ada}]\n      assignments: [{like: assigned}]\n      app:         [{id: r1, value: Admin}]\n";

    @Test
    void an_assigned_group_gives_what_its_name_says_and_another_one_nothing() {
        Map<String, String> unassigned = edit(SHIPPED, MAPPING, "record.?securityEnabled.orValue(null) == true && record.displayName.startsWith(\"ai.\")", "record.?securityEnabled.orValue(null) == true && assignments.size() > 0");
        assertThat(faults(unassigned)).anySatisfy(fault -> assertThat(fault).contains("plan has no line 'add ada@acme-labs.io to Subsidiary Sales as manager'"));
        Map<String, String> assigned = edit(unassigned, MAPPING, ROW, ROW.replace("[{like: assigned}]", "[{like: assigned}, {principalId: 02bd, principalType: Group, appRoleId: r1}]"));
        assertThat(faults(assigned)).isEmpty();
    }
}
