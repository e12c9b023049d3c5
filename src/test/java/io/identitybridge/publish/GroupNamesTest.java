package io.identitybridge.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupNamesTest {
    private final GroupNames names = new GroupNames(new Organisation.Pattern("ws-", "-role-"));

    @Test
    void a_group_is_called_by_the_pattern() {
        assertThat(names.name("Complex Workspace", Role.ADMIN)).isEqualTo("ws-Complex Workspace-role-admin");
    }

    @Test
    void a_name_fits_if_it_comes_back_at_whichever_separator_it_is_split() {
        assertThat(List.of("Sales", "Complex Workspace", "ws-Sales", "a-role", "Ünïcode 😀")).filteredOn(names::fits).containsExactly("Sales", "Complex Workspace", "ws-Sales", "Ünïcode 😀");
        assertThat(List.of("a-role-b", "-role-", "a-role", "", " ", " a", "a ", "a\nb")).noneMatch(names::fits);
    }
}
