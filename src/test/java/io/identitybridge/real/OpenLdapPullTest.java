package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real slapd with 1,200 people, pulled by the shipped files over LDAPS with an authority of its own, and over StartTLS. */
@Tag("real")
class OpenLdapPullTest {
    private static final int PEOPLE = 1_200;
    private static final String MEMBER = "cn=ws-Sales-role-member,ou=groups," + OpenLdap.BASE;
    private static final String MANAGER = "cn=ws-Sales-role-manager,ou=groups," + OpenLdap.BASE;
    private static final String OUTER = "cn=ws-All-role-member,ou=groups," + OpenLdap.BASE;
    @TempDir
    Path folder;

    @Test
    void people_arrive_change_move_and_leave_as_openldap_says() throws Exception {
        try (OpenLdap server = OpenLdap.start(folder.resolve("slapd"), "unlimited")) {
            people(server);
            BridgeFiles files = files().edit("ldap.source.yaml", "nested: direct ", "nested: flatten").edit("ldap.source.yaml", "lag: 2m ", "lag: 1s ").edit("ldap.yaml", "after: 24h", "after: 0s");
            try (TestBridge bridge = bridge(files, server.tlsUrl(), folder.resolve("slapd/tls.crt").toString())) {
                long begin = System.nanoTime();
                JsonNode first = bridge.pull("ldap");
                System.out.println("first pull of " + PEOPLE + " people from slapd: " + (System.nanoTime() - begin) / 1_000_000 + " ms, " + first);
                assertThat(first.get("status").asText()).as(first.toString()).isEqualTo("done");
                TreeSet<String> wanted = new TreeSet<>();
                for (int n = 0; n < PEOPLE; n++) {
                    wanted.add("All/" + email(n) + "=member");
                    wanted.add("Sales/" + email(n) + "=member");
                }
                wanted.remove("Sales/" + email(1) + "=member");
                wanted.add("Sales/" + email(1) + "=manager");
                assertThat(bridge.memberships()).as("the people of the groups in the outer group are in it").containsExactlyInAnyOrderElementsOf(wanted);

                TestBridge.pause(3_000); // more than the lag and the second that slapd counts in
                try (LDAPConnection admin = server.admin()) {
                    admin.modify(dn(9), new Modification(ModificationType.REPLACE, "displayName", "Somebody")); // from here on changes are looked for
                    admin.modify(OUTER, new Modification(ModificationType.REPLACE, "description", "everybody"));
                }
                bridge.pull("ldap");
                JsonNode second = bridge.pull("ldap");
                assertThat(second.get("changed").asInt()).isZero();
                TestBridge.pause(3_000);
                assertThat(second.get("complete").asBoolean()).as("a delta").isFalse();

                try (LDAPConnection admin = server.admin()) {
                    change(admin);
                }
                JsonNode third = bridge.pull("ldap");
                System.out.println("delta after changes: " + third);
                assertThat(third.get("status").asText()).as(third.toString()).isEqualTo("done");
                assertThat(third.at("/seen/users").asInt()).as("a delta reads few").isLessThan(20);
                wanted.removeIf(line -> List.of(email(2), email(3), email(4)).stream().anyMatch(line::contains));
                wanted.add("All/someone.else@acme.com=member");
                wanted.add("Sales/someone.else@acme.com=member");
                wanted.add("All/new@acme.com=member");
                wanted.add("Sales/new@acme.com=manager");
                wanted.remove("Sales/" + email(7) + "=member");
                wanted.remove("All/" + email(7) + "=member");
                assertThat(bridge.memberships()).containsExactlyInAnyOrderElementsOf(wanted);
                assertThat(bridge.people("archived")).as("locked by an administrator; deleted, which refint told by his groups: he is in none").contains(email(2));

                assertThat(bridge.pullAll("ldap").get("complete").asBoolean()).isTrue();
                assertThat(bridge.memberships()).containsExactlyInAnyOrderElementsOf(wanted);
                assertThat(bridge.count("select count(*) from account where gone_at is not null")).as("not found is no proof, so the first whole reading makes the deleted one a candidate").isZero();
                bridge.pullAll("ldap");
                assertThat(bridge.count("select count(*) from account where gone_at is not null")).as("and the second says the same").isOne();
            }
        }
    }

    @Test
    void people_whom_an_access_rule_hides_keep_their_places_until_two_whole_readings_do_not_find_them() throws Exception {
        try (OpenLdap server = OpenLdap.start(folder.resolve("slapd"), "unlimited")) {
            people(server);
            try (TestBridge bridge = bridge(files().edit("ldap.yaml", "after: 24h", "after: 0s"), server.url(), "")) {
                bridge.pull("ldap");
                List<String> before = bridge.memberships();
                try (LDAPConnection admin = server.admin()) {
                    for (int n = 10; n < 14; n++) {
                        admin.modify(dn(n), new Modification(ModificationType.REPLACE, "description", "hidden"));
                    }
                }
                JsonNode run = bridge.pullAll("ldap");
                assertThat(run.get("message").asText()).contains("groups name somebody whom this account does not see");
                assertThat(bridge.memberships()).isEqualTo(before);
                assertThat(bridge.people("archived")).isEmpty();
                bridge.pullAll("ldap");
                assertThat(bridge.people("archived")).hasSize(4);
            }
        }
    }

    @Test
    void a_list_that_slapd_cuts_at_its_size_limit_removes_nobody() throws Exception {
        try (OpenLdap server = OpenLdap.start(folder.resolve("slapd"), "700")) {
            people(server);
            try (TestBridge bridge = bridge(files(), server.url(), "")) {
                JsonNode run = bridge.pull("ldap");
                assertThat(run.get("status").asText()).isEqualTo("failed");
                assertThat(run.toString()).contains("LDAP result 4 (size limit exceeded)");
                assertThat(bridge.people("active")).isEmpty();
            }
        }
    }

    @Test
    void start_tls_is_turned_on_where_it_is_asked_for_and_an_unknown_certificate_is_refused() throws Exception {
        try (OpenLdap server = OpenLdap.start(folder.resolve("slapd"), "unlimited")) {
            BridgeFiles files = files().edit("ldap.source.yaml", "page-size: 500}", "page-size: 500, start-tls: true}").edit("ldap.source.yaml", "attempts: 5", "attempts: 1");
            try (TestBridge bridge = bridge(files, server.url(), folder.resolve("slapd/tls.crt").toString())) {
                assertThat(bridge.pull("ldap").get("status").asText()).isEqualTo("done");
            }
            try (TestBridge bridge = bridge(files, server.url(), "")) {
                JsonNode run = bridge.pull("ldap");
                assertThat(run.get("status").asText()).isEqualTo("failed");
                assertThat(run.toString()).contains("is its certificate one that ldap.ca trusts").doesNotContain(OpenLdap.PASSWORD);
            }
            Path other = java.nio.file.Files.createDirectories(folder.resolve("other"));
            PemFiles.write(other);
            try (TestBridge bridge = bridge(files, server.tlsUrl(), other.resolve("tls.crt").toString())) {
                assertThat(bridge.pull("ldap").get("status").asText()).as("signed by somebody else").isEqualTo("failed");
            }
            try (TestBridge bridge = bridge(files, server.tlsUrl().replace("127.0.0.1", "localhost"), folder.resolve("slapd/tls.crt").toString())) {
                assertThat(bridge.pull("ldap").get("status").asText()).as("the certificate names another host").isEqualTo("failed");
            }
        }
    }

    /** Locked, deleted, renamed, moved with another name and address, new in a group in the outer group, and out of a group. */
    private static void change(LDAPConnection admin) throws LDAPException {
        admin.modify(dn(2), new Modification(ModificationType.REPLACE, "pwdAccountLockedTime", "000001010000Z"));
        admin.delete(dn(3));
        admin.modifyDN(dn(4), "uid=renamed", true);
        admin.modify("uid=renamed,ou=people," + OpenLdap.BASE, new Modification(ModificationType.REPLACE, "mail", "someone.else@acme.com"));
        admin.modifyDN(dn(5), "uid=moved", true, "ou=left," + OpenLdap.BASE);
        add(admin, "uid=new,ou=people," + OpenLdap.BASE, "new");
        admin.modify(MANAGER, new Modification(ModificationType.ADD, "member", "uid=new,ou=people," + OpenLdap.BASE));
        admin.modify(MEMBER, new Modification(ModificationType.DELETE, "member", dn(7)));
    }

    private static void people(OpenLdap server) throws LDAPException {
        try (LDAPConnection admin = server.admin()) {
            List<String> all = new ArrayList<>();
            for (int n = 0; n < PEOPLE; n++) {
                add(admin, dn(n), "person" + n);
                all.add(dn(n));
            }
            group(admin, MEMBER, all);
            group(admin, MANAGER, List.of(dn(1)));
            group(admin, OUTER, List.of(MEMBER, MANAGER));
            admin.modify(MEMBER, new Modification(ModificationType.ADD, "member", OUTER)); // a circle
        }
    }

    private static void add(LDAPConnection admin, String dn, String uid) throws LDAPException {
        admin.add(dn, new Attribute("objectClass", "inetOrgPerson"), new Attribute("uid", uid), new Attribute("cn", "Person " + uid), new Attribute("sn", uid), new Attribute("mail", uid + "@acme.com"));
    }

    private static void group(LDAPConnection admin, String dn, List<String> members) throws LDAPException {
        admin.add(dn, new Attribute("objectClass", "groupOfNames"), new Attribute("cn", dn.substring(3, dn.indexOf(','))), new Attribute("member", members));
    }

    private static String dn(int n) {
        return "uid=person" + n + ",ou=people," + OpenLdap.BASE;
    }

    private static String email(int n) {
        return "person" + n + "@acme.com";
    }

    private BridgeFiles files() {
        return BridgeFiles.of(folder.resolve("bridge" + TestBridge.unique()), "ldap").edit("portkey.yaml", "ldap:           {mode: apply,", "ldap:           {mode: apply, lag: 0s,").edit("portkey.yaml", "create:  {share: 100%, always-allow: 1000}", "create:  {at-most: 10000}");
    }

    private TestBridge bridge(BridgeFiles files, String url, String ca) {
        return TestBridge.start(files, folder.resolve("data" + TestBridge.unique()), "LDAP_URL=" + url, "LDAP_USER=" + OpenLdap.READER, "LDAP_PASSWORD=" + OpenLdap.PASSWORD, "LDAP_BASE=" + OpenLdap.BASE, "LDAP_CA=" + ca);
    }
}
