package io.identitybridge.source;

import static io.identitybridge.source.InMemoryLdap.dn;
import static io.identitybridge.source.InMemoryLdap.groupDn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading an LDAP server that others wrote. */
class LdapTest {
    InMemoryLdap ldap;
    Told told = new Told();
    String ada;
    String bob;
    String eve;

    @BeforeEach
    void people() throws LDAPException {
        ldap = new InMemoryLdap();
        ada = ldap.person("ada");
        bob = ldap.person("bob");
        eve = ldap.person("eve");
    }

    @AfterEach
    void stop() {
        ldap.close();
    }

    @Test
    void a_whole_reading_gives_people_groups_and_members_by_their_ids() throws LDAPException {
        String sales = ldap.group("sales", dn("ada"), "UID=Bob, OU=people,dc=ACME,dc=com", "cn=printer,dc=acme,dc=com");
        Reading reading = ldap.pages(2).reader().read(false, Map.of(), told);
        assertThat(told.users.keySet()).containsExactlyInAnyOrder(ada, bob, eve);
        assertThat(told.users.get(ada).record()).containsEntry("mail", "ada@acme.com").containsEntry("cn", List.of("ada")).containsEntry("dn", dn("ada")).doesNotContainKeys("displayName", "member");
        assertThat(told.members).isEqualTo(Map.of(sales, List.of(ada, bob)));
        assertThat(reading.complete()).isTrue();
        assertThat(reading.unique()).isEqualTo(Map.of("users", 3L, "groups", 1L, "members", 2L));
        assertThat(told.pages).filteredOn(page -> page.resource().equals("users")).hasSize(2).last().satisfies(page -> assertThat(page.next()).isEmpty());
    }

    @Test
    void several_values_where_one_is_meant_stay_several() throws LDAPException {
        ldap.server.modify(dn("ada"), new Modification(ModificationType.ADD, "mail", "a.byron@acme.com"));
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.users.get(ada).record()).containsEntry("mail", List.of("a.byron@acme.com", "ada@acme.com"));
    }

    @Test
    void a_limit_or_a_refusal_in_mid_list_ends_the_run() {
        for (ResultCode code : List.of(ResultCode.SIZE_LIMIT_EXCEEDED, ResultCode.TIME_LIMIT_EXCEEDED, ResultCode.ADMIN_LIMIT_EXCEEDED, ResultCode.INSUFFICIENT_ACCESS_RIGHTS, ResultCode.REFERRAL)) {
            onPage(2, () -> {
                throw new LDAPException(code);
            });
            assertThatThrownBy(() -> ldap.pages(2).reader().read(false, Map.of(), told)).isInstanceOf(SourceUnavailable.class).hasMessageStartingWith("users: page 2: LDAP result " + code.intValue());
            assertThat(told.pages).as("the last page was not handed on").noneMatch(page -> page.next().isEmpty());
        }
    }

    @Test
    void a_right_that_is_taken_away_in_mid_list_ends_the_run() {
        AtomicInteger bases = new AtomicInteger();
        ldap.before = request -> {
            if (request.getRequest().getScope().equals(SearchScope.BASE) && request.getRequest().getBaseDN().equals(InMemoryLdap.BASE) && bases.incrementAndGet() == 2) {
                throw new LDAPException(ResultCode.NO_SUCH_OBJECT);
            }
        };
        assertThatThrownBy(() -> ldap.reader().read(false, Map.of(), told)).hasMessageContaining("the base dc=acme,dc=com is not there, or this account may not read it");
        assertThat(told.users).isEmpty();
    }

    @Test
    void a_server_that_is_busy_in_mid_list_is_read_from_the_start_again() {
        AtomicInteger failures = new AtomicInteger();
        onPage(2, () -> {
            if (failures.incrementAndGet() == 1) {
                throw new LDAPException(ResultCode.BUSY);
            }
        });
        ldap.pages(2).reader().read(false, Map.of(), told);
        assertThat(told.calls).filteredOn("begin users"::equals).hasSize(2);
        assertThat(told.users).hasSize(3);
    }

    @Test
    void one_that_stays_busy_ends_the_run() {
        ldap.before = request -> {
            throw new LDAPException(ResultCode.UNAVAILABLE);
        };
        assertThatThrownBy(() -> ldap.reader().read(false, Map.of(), told)).hasMessage("root: LDAP result 52 (unavailable) after 5 tries; the server is busy or gone, and the next run tries again");
    }

    @Test
    void members_that_come_in_ranges_are_read_to_the_last() throws LDAPException {
        String sales = ldap.group("sales", dn("ada"), dn("bob"), dn("eve"));
        AtomicInteger asked = new AtomicInteger();
        ldap.entries = entry -> ranged(entry, asked);
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.members).isEqualTo(Map.of(sales, List.of(ada, bob, eve)));
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void groups_in_groups_count_only_where_the_file_says_so_and_circles_end() throws LDAPException {
        String inner = ldap.group("inner", dn("bob"), groupDn("outer"));
        String outer = ldap.group("outer", dn("ada"), groupDn("inner"));
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.members).isEqualTo(Map.of(inner, List.of(bob), outer, List.of(ada)));
        ldap.reader("nested: direct", "nested: flatten").read(false, Map.of(), told);
        assertThat(told.members.get(outer)).containsExactly(ada, bob);
        assertThat(told.members.get(inner)).containsExactly(bob, ada);
    }

    @Test
    void what_changed_in_a_group_below_changes_the_group_above() throws LDAPException {
        ldap.group("inner", dn("bob"));
        String outer = ldap.group("outer", groupDn("inner"));
        ldap.group("other", dn("bob"));
        Map<String, String> cursors = ldap.reader("nested: direct", "nested: flatten", "lag: 2m", "lag: 0s").read(false, Map.of(), told).cursors();
        pause();
        ldap.server.modify(groupDn("inner"), new Modification(ModificationType.ADD, "member", dn("eve")));
        told = new Told();
        Reading delta = ldap.reader("nested: direct", "nested: flatten", "lag: 2m", "lag: 0s").read(false, cursors, told);
        assertThat(delta.complete()).isFalse();
        assertThat(told.members.get(outer)).containsExactly(bob, eve);
        assertThat(told.users).as("nobody else has changed").isEmpty();
    }

    @Test
    void a_delta_reads_who_changed_and_finds_members_it_has_not_read() throws LDAPException {
        ldap.group("sales", dn("ada"));
        Map<String, String> cursors = ldap.reader("lag: 2m", "lag: 0s").read(false, Map.of(), told).cursors();
        pause();
        ldap.server.modify(dn("ada"), new Modification(ModificationType.REPLACE, "displayName", "Ada"));
        String sales = ldap.id(groupDn("sales"));
        ldap.server.modify(groupDn("sales"), new Modification(ModificationType.ADD, "member", dn("bob"), groupDn("sales"), "uid=nobody," + InMemoryLdap.PEOPLE));
        told = new Told();
        Reading delta = ldap.reader("lag: 2m", "lag: 0s").read(false, cursors, told);
        assertThat(told.users.keySet()).containsExactly(ada);
        assertThat(told.members).isEqualTo(Map.of(sales, List.of(ada, bob)));
        assertThat(delta.cursors().get("users")).startsWith("time ");
        told = new Told();
        assertThat(ldap.reader("lag: 2m", "lag: 0s").read(true, cursors, told).complete()).as("a full reading looks at no cursor").isTrue();
        assertThat(told.users).hasSize(3);
    }

    @Test
    void the_next_run_begins_no_later_than_this_one_did() throws LDAPException {
        ldap.entries = entry -> new SearchResultEntry(entry.getDN(), entry.getAttributes().stream()
            .map(attribute -> attribute.getName().equals("modifyTimestamp") ? new Attribute("modifyTimestamp", "20991231235959Z") : attribute).toList());
        Instant before = Instant.now().minusMillis(1);
        String cursor = ldap.reader().read(false, Map.of(), told).cursors().get("users");
        assertThat(Instant.parse(cursor.substring("time ".length()))).isBetween(before, Instant.now());
    }

    @Test
    void a_group_that_goes_away_in_mid_read_is_a_candidate_and_one_that_is_renamed_is_found() throws LDAPException {
        String gone = ldap.group("gone", dn("ada"));
        String renamed = ldap.group("renamed", dn("ada"));
        AtomicInteger members = new AtomicInteger();
        ldap.before = request -> {
            if (request.getRequest().getAttributeList().contains("member") && members.incrementAndGet() == 1) {
                ldap.server.delete(groupDn("gone"));
                ldap.server.modifyDN(groupDn("renamed"), "cn=better", true);
            }
        };
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.calls).contains("vanished " + gone);
        assertThat(told.members).isEqualTo(Map.of(renamed, List.of(ada)));
    }

    @Test
    void a_member_who_was_renamed_since_the_people_were_read_is_asked_for() throws LDAPException {
        String sales = ldap.group("sales", dn("ada"), dn("bob"));
        AtomicInteger members = new AtomicInteger();
        ldap.before = request -> {
            if (request.getRequest().getAttributeList().contains("member") && members.incrementAndGet() == 1) {
                ldap.server.modifyDN(dn("ada"), "uid=lovelace", true);
                ldap.server.modify(groupDn("sales"), new Modification(ModificationType.REPLACE, "member", dn("lovelace"), dn("bob")));
            }
        };
        told.lacking = Set.of(sales);
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.members.get(sales)).containsExactlyInAnyOrder(ada, bob);
    }

    @Test
    void members_that_are_hidden_all_at_once_are_a_lost_right_and_no_departure() throws LDAPException {
        String sales = ldap.group("sales", dn("ada"));
        ldap.entries = LdapTest::withoutMembers;
        told.lacking = Set.of(sales);
        assertThatThrownBy(() -> ldap.reader().read(false, Map.of(), told)).hasMessageContaining("none of 1 groups shows a member, and some had members before");
        ldap.group("other", dn("bob"));
        ldap.server.modify(dn("ada"), new Modification(ModificationType.REPLACE, "memberOf", groupDn("sales")));
        ldap.entries = entry -> entry.getDN().equals(groupDn("sales")) ? withoutMembers(entry) : entry;
        assertThatThrownBy(() -> ldap.reader().read(false, Map.of(), told)).hasMessageContaining("shows no member, and its people name it in memberOf");
    }

    /** An ACL that hides people hides them from the list and from every question; the group's own values still name them. */
    @Test
    void whom_the_account_no_longer_sees_stays_in_the_groups_that_still_name_him() throws LDAPException {
        String sales = ldap.group("sales", dn("ada"), dn("bob"), dn("eve"));
        String other = ldap.group("other", dn("eve"));
        told.holds = Map.of(sales, List.of(ada, bob, eve), other, List.of(ada, eve));
        ldap.entries = entry -> entry.getDN().equals(dn("ada")) ? null : entry;
        Reading reading = ldap.reader().read(false, Map.of(), told);
        assertThat(told.users).doesNotContainKey(ada);
        assertThat(told.members.get(sales)).containsExactlyInAnyOrder(ada, bob, eve);
        assertThat(told.members.get(other)).as("that one does not name her").containsExactly(eve);
        assertThat(reading.notes()).containsExactly("1 groups name somebody whom this account does not see: whoever is absent stays in them until his own absence is proved; may it still read all people?");
        ldap.server.modify(groupDn("sales"), new Modification(ModificationType.DELETE, "member", dn("bob")));
        ldap.reader().read(false, Map.of(), told);
        assertThat(told.members.get(sales)).as("bob is seen, so he is out").containsExactlyInAnyOrder(ada, eve);
    }

    @Test
    void one_person_is_found_by_id_or_nothing_is_known_of_him() throws LDAPException {
        IdpReader reader = ldap.reader("attempts: 5", "attempts: 1");
        assertThat(reader.pointRead(ada)).isInstanceOfSatisfying(PointRead.Found.class, found -> assertThat(found.record()).containsEntry("uid", "ada"));
        ldap.server.delete(dn("ada"));
        assertThat(reader.pointRead(ada)).as("not found may mean not to be seen").isInstanceOf(PointRead.Unknown.class);
        ldap.before = request -> {
            throw new LDAPException(ResultCode.NO_SUCH_OBJECT);
        };
        assertThatThrownBy(() -> reader.pointRead(bob)).as("a base that is not seen proves nothing").isInstanceOf(SourceUnavailable.class);
    }

    @Test
    void nothing_goes_out_in_the_clear_and_nobody_binds_as_nobody() {
        assertThatThrownBy(() -> ldap.reader(Map.of("LDAP_URL", "ldap://ldap.acme.com"), "page-size: 500}", "page-size: 500, start-tls: false}"))
            .hasMessageContaining("without TLS the password would go over the network in the clear");
        assertThatThrownBy(() -> ldap.reader(Map.of("LDAP_URL", "https://ldap.acme.com"))).hasMessageContaining("is no ldap://host:port");
        assertThatThrownBy(() -> ldap.reader(Map.of("LDAP_CA", "/no/such/file"))).hasMessageContaining("the file /no/such/file cannot be read");
        assertThatThrownBy(() -> ldap.reader(Map.of("LDAP_PASSWORD", "an-other-password")).read(false, Map.of(), told))
            .hasMessageContaining("LDAP result 49 (invalid credentials); the user or the password is refused").hasMessageNotContaining("an-other-password");
    }

    /** What Active Directory does from 1,500 members on, from 2 on. */
    private SearchResultEntry ranged(SearchResultEntry entry, AtomicInteger asked) {
        try {
            String[] all = ldap.server.getEntry(entry.getDN()).getAttributeValues("member");
            if (all == null || entry.getAttributes().size() > 2) {
                return entry;
            }
            boolean first = asked.incrementAndGet() == 1;
            List<Attribute> attributes = new ArrayList<>(List.of(entry.getAttribute("entryUUID")));
            if (first) {
                attributes.add(new Attribute("member"));
            }
            attributes.add(new Attribute(first ? "member;range=0-1" : "member;range=2-*", Arrays.copyOfRange(all, first ? 0 : 2, first ? 2 : all.length)));
            return new SearchResultEntry(entry.getDN(), attributes);
        } catch (LDAPException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SearchResultEntry withoutMembers(SearchResultEntry entry) {
        return new SearchResultEntry(entry.getDN(), entry.getAttributes().stream().filter(attribute -> !attribute.getName().equals("member")).toList());
    }

    private interface Act {
        void run() throws LDAPException;
    }

    /** Does it each time that page of the users is asked for. */
    private void onPage(int page, Act act) {
        AtomicInteger pages = new AtomicInteger();
        ldap.before = request -> {
            if (request.getRequest().getFilter().toString().contains("inetOrgPerson") && request.getRequest().getScope().equals(SearchScope.SUB)) {
                com.unboundid.ldap.sdk.controls.SimplePagedResultsControl control = request.getRequest().getControl("1.2.840.113556.1.4.319") instanceof com.unboundid.ldap.sdk.controls.SimplePagedResultsControl paged ? paged : null;
                boolean begins = control == null ? pages.get() == 0 : control.getCookie() == null || control.getCookie().getValueLength() == 0;
                if ((begins ? setAndGet(pages, 1) : pages.incrementAndGet()) == page) {
                    act.run();
                }
            }
        };
    }

    private static int setAndGet(AtomicInteger number, int value) {
        number.set(value);
        return value;
    }

    /** Times in a directory are to the second. */
    private static void pause() {
        try {
            Thread.sleep(1_100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
