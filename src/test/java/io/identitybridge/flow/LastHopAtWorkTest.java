package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody protected is out of reach on every way: push, pull, replay, an approval of what waited before, a revocation. */
class LastHopAtWorkTest {
    private static final String PAT = "pat.young@acme.com";
    @TempDir
    Path folder;

    @Test
    void nobody_protected_goes_by_push_pull_replay_approval_or_revocation() throws IOException {
        BridgeFiles files = BridgeFiles.of(folder, "lab").edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {at-most: 1}").edit("lab.source.yaml", "lag: 5s", "lag: 0s").edit("lab.yaml", "admit: in-any-workspace                   #", "admit: everybody #");
        try (StandInOkta idp = new StandInOkta(Company.of(3, 1, 1), "secret", 0); TestBridge bridge = TestBridge.start(files, folder, "lab.url=" + idp.url(), "lab.token=secret")) {
            String other = bridge.scim("lab", "POST", "/Users", TestBridge.user("other", "other@acme.com", true)).body().get("id").asText();
            bridge.scim("lab", "PATCH", "/Users/" + other, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}"); // one a day goes at once
            idp.company().add("00upat", "Pat", "Young", PAT);
            bridge.pull("lab");
            String id = bridge.scim("lab", "GET", "/Users?filter=externalId eq \"00upat\"", "").body().at("/Resources/0/id").asText();
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}");
            long plan = bridge.count("select plan_id from plan_line where status = 'held' and sentence = ?", "archive user " + PAT);

            files.edit("portkey.yaml", "people:     [{email: ciso@acme.com", "people:     [{email: " + PAT + ", why: on call}, {email: ciso@acme.com").edit("portkey.yaml", "archive: {at-most: 1}", "archive: {at-most: 100}");
            bridge.activate();
            TestBridge.Answer approved = bridge.api("POST", "/plans/" + plan + "/approve", "{}");
            assertThat(approved.body().toString()).as("by then the line is stale, or it is refused under the lock").containsAnyOf("protected (on call; portkey.yaml); not done", "waits any more");
            stays(bridge);
            bridge.scim("lab", "PATCH", "/Users/" + id, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false,\"title\":\"x\"}}]}");
            stays(bridge);
            idp.company().status("00upat", "SUSPENDED");
            bridge.pull("lab");
            stays(bridge);
            long letter = bridge.sql.queryForObject("insert into dead_letter (source, resource, key, generation, cause, step, sentence, fingerprint, origin, set_hash) values ('lab', 'user', '00upat', 1, 'BUG', 'plan', 'user 00upat: x', 'f', 'run:1', 'h') returning id", Long.class);
            assertThat(bridge.api("POST", "/dead-letters/replay", "{\"ids\":[" + letter + "]}").status()).isEqualTo(200);
            stays(bridge);
            assertThat(bridge.api("POST", "/revoke", "{\"person\":\"" + PAT + "\",\"reason\":\"because\"}").body().get("detail").asText()).contains("protected (on call");
            stays(bridge);
        }
    }

    @Test
    void somebody_who_is_protected_while_a_change_is_under_way_is_out_of_its_reach() {
        BridgeFiles files = BridgeFiles.of(folder, "lab").manyMayLeave();
        try (TestBridge bridge = TestBridge.start(files, folder)) {
            SourceName lab = new SourceName("lab");
            bridge.pushed("lab", "pat", PAT);
            bridge.sql.update("update account set active = false, standing = 'LEFT', pushed = jsonb_set(pushed, '{active}', 'false') where external_id = 'pat'");
            Reconciliation steps = bridge.bean(Reconciliation.class);
            Work.Approved approved = steps.guard(steps.plan(steps.again(lab, List.of(bridge.sql.queryForObject("select id from account where external_id = 'pat'", UUID.class)), new Origin("system", "time", "test"))));
            files.edit("portkey.yaml", "people:     [{email: ciso@acme.com", "people:     [{email: " + PAT + ", why: on call}, {email: ciso@acme.com");
            bridge.activate();
            Work.Applied applied = steps.apply(approved);
            assertThat(applied.converged().refused()).contains("archive user " + PAT + ": protected (on call; portkey.yaml)");
            stays(bridge);
        }
    }

    private static void stays(TestBridge bridge) {
        assertThat(bridge.people("active")).contains(PAT);
        assertThat(bridge.count("select count(*) from person where email = ? and revoked_at is not null", PAT)).isZero();
    }
}
