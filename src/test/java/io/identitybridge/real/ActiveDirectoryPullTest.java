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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samba as Active Directory with forty people and groups in groups, pulled by the shipped files over LDAPS as an account without special rights. */
@Tag("real")
class ActiveDirectoryPullTest {
    private static final int PEOPLE = 40;
    private static final String OU = "OU=People," + SambaAd.BASE;
    private static final String LEFT = "OU=Left," + SambaAd.BASE;
    private static final String MEMBER = "CN=ws-Sales-role-member," + OU;
    private static final String MANAGER = "CN=ws-Sales-role-manager," + OU;
    private static final String OUTER = "CN=ws-All-role-member," + OU;
    private static final String LEADS = "CN=ws-Leads-role-member," + OU;
    @TempDir
    Path folder;
    SambaAd server;
    TestBridge bridge;

    @BeforeEach
    void start() throws Exception {
        server = SambaAd.start(folder.resolve("samba"));
        try (LDAPConnection admin = server.admin()) {
            people(admin);
        }
        server.setPassword("bridge");
        BridgeFiles files = BridgeFiles.of(folder.resolve("bridge"), "ad").edit("portkey.yaml", "ad:             {mode: apply,", "ad:             {mode: apply, lag: 0s,").edit("ad.source.yaml", "nested: direct ", "nested: flatten");
        bridge = TestBridge.start(files, folder.resolve("data"), "AD_URL=" + server.url(), "AD_USER=" + SambaAd.READER, "AD_PASSWORD=" + SambaAd.PASSWORD, "AD_BASE=" + SambaAd.BASE, "AD_CA=" + server.ca());
    }

    @AfterEach
    void stop() throws Exception {
        if (bridge != null) {
            bridge.close();
        }
        server.close();
    }

    @Test
    void people_arrive_change_move_and_leave_as_active_directory_says() throws Exception {
        server.showDeleted();
        JsonNode first = done(bridge.pull("ad"));
        System.out.println("first pull from Samba: " + first);
        TreeSet<String> wanted = new TreeSet<>();
        for (int n = 0; n < PEOPLE; n++) {
            wanted.add("All/" + email(n) + "=member");
            wanted.add("Sales/" + email(n) + (n == 1 ? "=manager" : "=member"));
        }
        wanted.add("Leads/" + email(1) + "=member");
        assertThat(bridge.memberships()).as("the people of the groups in the outer group are in it").containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(bridge.sql.queryForList("select external_id from account", String.class)).allMatch(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));

        JsonNode second = done(bridge.pull("ad"));
        assertThat(second.get("changed").asInt()).as(second.toString()).isZero();
        assertThat(second.at("/seen/users").asInt()).as("a delta reads nobody again").isZero();

        try (LDAPConnection admin = server.admin()) {
            change(admin);
        }
        JsonNode third = done(bridge.pull("ad"));
        System.out.println("delta after changes: " + third);
        wanted.removeIf(line -> List.of(email(2), email(3), email(4)).stream().anyMatch(line::contains));
        wanted.add("All/someone.else@acme.com=member");
        wanted.add("Sales/someone.else@acme.com=member");
        wanted.add("Sales/new@acme.com=manager");
        wanted.add("All/new@acme.com=member");
        wanted.remove("Sales/" + email(7) + "=member");
        wanted.remove("All/" + email(7) + "=member");
        wanted.remove("Leads/" + email(1) + "=member");
        wanted.add("Heads/" + email(1) + "=member");
        assertThat(bridge.memberships()).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(bridge.people("archived")).as("disabled, and deleted by his tombstone").contains(email(2), email(3));

        assertThat(bridge.pullAll("ad").get("complete").asBoolean()).isTrue();
        assertThat(bridge.memberships()).as("a whole reading says the same").containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void a_nested_group_that_is_deleted_takes_its_people_out_of_the_outer_one() throws Exception {
        server.showDeleted();
        done(bridge.pull("ad"));
        try (LDAPConnection admin = server.admin()) {
            admin.delete(MEMBER);
        }
        JsonNode run = bridge.pull("ad");
        assertThat(run.get("status").asText()).as("that many removals wait for a person").isEqualTo("held");
        assertThat(bridge.count("select count(*) from group_member m join directory_group g on g.id = m.group_id where g.display_name = 'ws-All-role-member' and m.removed_at is null")).as("of the outer group only its manager is left").isOne();
    }

    @Test
    void who_is_deleted_unseen_is_a_candidate_only_and_the_run_says_what_the_account_lacks() throws Exception {
        done(bridge.pull("ad"));
        try (LDAPConnection admin = server.admin()) {
            admin.delete(dn(3));
        }
        assertThat(done(bridge.pull("ad")).get("message").asText()).contains("this account does not see deleted objects");
        assertThat(bridge.people("active")).contains(email(3));
        done(bridge.pullAll("ad"));
        assertThat(bridge.count("select count(*) from account where gone_at is null and missing_since is not null")).as("neither there nor among the deleted: no proof yet").isOne();
        assertThat(bridge.memberships()).as("the groups no longer name him").noneMatch(line -> line.contains(email(3)));
        server.showDeleted();
        done(bridge.pullAll("ad"));
        assertThat(bridge.count("select count(*) from account where gone_at is not null")).as("his tombstone is proof").isOne();
    }

    @Test
    void another_domain_controller_or_a_restored_one_makes_the_run_a_whole_one() throws Exception {
        done(bridge.pull("ad"));
        bridge.sql.update("update cursor set value = regexp_replace(value, 'usn \\S+', 'usn 00000000-0000-0000-0000-000000000000')");
        JsonNode run = done(bridge.pull("ad"));
        assertThat(run.get("message").asText()).contains("another domain controller answers than the last time");
        assertThat(run.at("/seen/users").asInt()).isGreaterThanOrEqualTo(PEOPLE);
        bridge.sql.update("update cursor set value = regexp_replace(value, '\\d+$', '99999999')");
        assertThat(done(bridge.pull("ad")).get("message").asText()).as("its numbers went back").contains("or it was restored");
    }

    private JsonNode done(JsonNode run) {
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("done");
        return run;
    }

    /** Disabled, deleted, renamed with another address, moved, new in an inner group, out of a group; and a group renamed. */
    private static void change(LDAPConnection admin) throws LDAPException {
        admin.modify(dn(2), new Modification(ModificationType.REPLACE, "userAccountControl", "546"));
        admin.delete(dn(3));
        admin.modifyDN(dn(4), "CN=Someone Else", true);
        admin.modify("CN=Someone Else," + OU, new Modification(ModificationType.REPLACE, "mail", "someone.else@acme.com"));
        admin.modifyDN(dn(5), "CN=Person 5", true, LEFT);
        person(admin, "CN=New," + OU, "new");
        admin.modify(MANAGER, new Modification(ModificationType.ADD, "member", "CN=New," + OU));
        admin.modify(MEMBER, new Modification(ModificationType.DELETE, "member", dn(7)));
        admin.modifyDN(LEADS, "CN=ws-Heads-role-member", true);
    }

    private static void people(LDAPConnection admin) throws LDAPException {
        admin.add(OU, new Attribute("objectClass", "organizationalUnit"));
        admin.add(LEFT, new Attribute("objectClass", "organizationalUnit"));
        person(admin, "CN=bridge," + LEFT, "bridge");
        List<String> all = new ArrayList<>();
        for (int n = 0; n < PEOPLE; n++) {
            person(admin, dn(n), "person" + n);
            all.add(dn(n));
        }
        group(admin, MEMBER, all);
        group(admin, MANAGER, List.of(dn(1)));
        group(admin, LEADS, List.of(dn(1)));
        group(admin, OUTER, List.of(MEMBER, MANAGER));
        admin.modify(MEMBER, new Modification(ModificationType.ADD, "member", OUTER)); // a circle
    }

    private static void person(LDAPConnection admin, String dn, String name) throws LDAPException {
        admin.add(dn, new Attribute("objectClass", "user"), new Attribute("sAMAccountName", name), new Attribute("userPrincipalName", name + "@acme.example"), new Attribute("mail", name + "@acme.com"),
                new Attribute("displayName", "Person " + name), new Attribute("userAccountControl", "544"));
    }

    private static void group(LDAPConnection admin, String dn, List<String> members) throws LDAPException {
        admin.add(dn, new Attribute("objectClass", "group"), new Attribute("sAMAccountName", dn.substring(3, dn.indexOf(','))), new Attribute("groupType", "-2147483640"), new Attribute("member", members));
    }

    private static String dn(int n) {
        return "CN=Person " + n + "," + OU;
    }

    private static String email(int n) {
        return "person" + n + "@acme.com";
    }
}
