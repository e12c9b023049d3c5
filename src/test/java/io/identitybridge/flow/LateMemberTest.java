package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.store.Ledger;
import java.sql.Connection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person who comes at the very moment in which a group names him by the IdP's id: neither request sees the other, and what waits of him is looked at by the clock. */
class LateMemberTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of(BridgeFiles.of("lab"), "bridge.sweep.every=3600000");

    private final String name = TestBridge.unique();

    @ParameterizedTest
    @ValueSource(strings = {"{'op':'remove','path':'members[value eq \"ID\"]'}", "{'op':'remove','path':'members[value eq \"ID\"]'},{'op':'replace','path':'displayName','value':'NAME'}"})
    void whoever_is_taken_out_by_his_id_before_that_does_not_come_in(String out) throws Exception {
        String group = group();
        String ada = addedLate(group);

        patch(group, out.replace("ID", ada).replace("NAME", "ws-Later " + name + "-role-member"));
        bridge.bean(Ledger.class).joinLate();

        assertThat(memberships(ada)).isZero();
    }

    @Test
    void whoever_is_deleted_before_that_comes_back_into_no_group() throws Exception {
        String ada = addedLate(group());

        bridge.scim("lab", "DELETE", "/Users/" + ada, "");
        assertThat(user().get("id").asText()).as("the same person").isEqualTo(ada);
        bridge.bean(Ledger.class).joinLate();

        assertThat(memberships(ada)).isZero();
    }

    private String group() {
        return bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-Late " + name + "-role-member\"}").body().get("id").asText();
    }

    private JsonNode user() {
        return bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + name, "ada." + name + "@acme.com", true)).body();
    }

    /** Made while the group, which has not found her, has yet to write down that it waits for her. */
    private String addedLate(String group) throws Exception {
        try (Connection holder = bridge.sql.getDataSource().getConnection(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("select 1 from directory_group where id = '" + group + "' for update");
            Future<?> named = threads.submit(() -> patch(group, "{'op':'add','path':'members','value':[{'value':'ext-" + name + "'}]}"));
            bridge.waitForLock(named);
            String ada = user().get("id").asText();
            holder.rollback();
            named.get();
            assertThat(bridge.count("select count(*) from pending_member where ref = ?", "ext-" + name)).isOne();
            return ada;
        }
    }

    private static long memberships(String person) {
        return bridge.count("select count(*) from group_member where account_id = ?::uuid and removed_at is null", person);
    }

    private static void patch(String group, String operations) {
        assertThat(bridge.scim("lab", "PATCH", "/Groups/" + group, ("{'Operations':[" + operations + "]}").replace('\'', '"').replace("eq \"", "eq \\\"").replace("\"]\"}", "\\\"]\"}")).status()).isEqualTo(204);
    }
}
