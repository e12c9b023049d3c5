package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.StandInPortkey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was pushed into two bridges on one database arrives at a Portkey, by its SCIM endpoint. */
class PublishByScimTest extends PublishesByScim {
    @Test
    void somebody_new_is_there_at_once_with_names_role_and_workspaces() {
        bridge.scim("okta", "POST", "/Users", TestBridge.user("ada", "ada@acme.com", true).replace("\"active\"", "\"roles\":[\"owner\"],\"displayName\":\"Ada de Byron\",\"active\""));
        group("ws-Sales-role-manager", push("bob", "bob@acme.com"));
        settled();
        PortkeyRow.Person person = there("ada@acme.com");
        assertThat(person).returns("owner", PortkeyRow.Person::role).returns("Ada de Byron", PortkeyRow.Person::displayName).returns("Ada de", PortkeyRow.Person::firstName).returns("Byron", PortkeyRow.Person::lastName)
                .returns(id("ada@acme.com"), PortkeyRow.Person::externalId);
        assertThat(members("Sales")).isEqualTo(Map.of("bob@acme.com", "manager"));
        assertThat(portkey.state().keys("bob@acme.com")).as("a place mints a key").hasSize(1);
    }

    @Test
    void a_change_of_name_address_user_name_and_role_arrives_at_the_same_user() {
        String ren = push("ren", "ren@acme.com");
        group("ws-Yard-role-member", ren);
        settled();
        String before = there("ren@acme.com").id();
        patch(ren, "{\"displayName\":\"Ren Upton\",\"userName\":\"ren.upton@acme.com\",\"emails\":[{\"value\":\"ren.upton@acme.com\",\"type\":\"work\",\"primary\":true}]}");
        settled();
        assertThat(there("ren.upton@acme.com")).returns(before, PortkeyRow.Person::id).returns("Ren Upton", PortkeyRow.Person::displayName).returns("ren.upton@acme.com", PortkeyRow.Person::userName);
        assertThat(portkey.state().person("ren@acme.com")).isEmpty();
        assertThat(members("Yard")).containsOnlyKeys("ren.upton@acme.com");
        patch(ren, "{\"userName\":\"upton@acme.com\"}");
        patch(ren, "{\"roles\":[{\"value\":\"admin\"}]}");
        settled();
        assertThat(there("ren.upton@acme.com")).returns("upton@acme.com", PortkeyRow.Person::userName).returns("admin", PortkeyRow.Person::role);
        patch(ren, "{\"roles\":[{\"value\":\"member\"}]}");
        settled();
        assertThat(there("ren.upton@acme.com").role()).isEqualTo("member");
    }

    @Test
    void a_change_of_role_never_gives_more_on_its_way_and_a_raise_keeps_the_key() {
        String mia = push("mia", "mia@acme.com");
        String admins = group("ws-Mill-role-admin", mia);
        group("ws-Mill-role-member", mia);
        settled();
        assertThat(members("Mill")).isEqualTo(Map.of("mia@acme.com", "admin"));
        leave(admins, mia);
        settled();
        assertThat(members("Mill")).isEqualTo(Map.of("mia@acme.com", "member"));
        assertThat(deeds("mia@acme.com")).endsWith("remove mia@acme.com from Mill", "add mia@acme.com to Mill as member");
        String key = portkey.state().keys("mia@acme.com").getFirst().id();
        join(admins, mia);
        settled();
        assertThat(deeds("mia@acme.com")).endsWith("add mia@acme.com to Mill as member", "raise mia@acme.com in Mill from member to admin");
        assertThat(portkey.state().keys("mia@acme.com")).extracting(PortkeyRow.ApiKey::id).containsExactly(key);
        assertThat(portkey.state().listed("ws-Mill-role-member")).isEmpty();
    }

    @Test
    void whoever_comes_into_a_workspace_is_one_call_to_the_one_group_of_his_role() {
        List.of("member", "manager", "admin").forEach(role -> group("ws-Pier-role-" + role, push("pier-" + role, "pier-" + role + "@acme.com")));
        settled();
        String wim = push("wim", "wim@acme.com");
        settled();
        String members = bridge.scim("okta", "GET", "/Groups?filter=displayName eq \"ws-Pier-role-member\"", "").body().at("/Resources/0/id").asText();
        join(members, wim);
        settled();
        String id = there("wim@acme.com").id();
        assertThat(members("Pier")).containsEntry("wim@acme.com", "member");
        assertThat(portkey.log().writes().stream().filter(write -> write.path().startsWith("/Groups/") && write.body().contains(id)).map(write -> write.path().substring("/Groups/".length())))
                .as("he was in no other group of it to be taken out of").containsExactly(groupId("ws-Pier-role-member"));
    }

    @Test
    void a_leaver_is_archived_and_out_of_every_group_and_comes_back_as_he_is_to_be() {
        String leo = bridge.scim("okta", "POST", "/Users", TestBridge.user("leo", "leo@acme.com", true).replace("\"active\"", "\"roles\":[\"admin\"],\"active\"")).body().path("id").asText();
        settled();
        patch(leo, "{\"roles\":[]}");
        String group = group("ws-Leavers-role-admin", leo);
        group("ws-Stayers-role-member", leo, push("eva", "eva@acme.com"));
        settled();
        bridge.scim("okta", "PATCH", "/Users/" + leo, OFF);
        settled();
        assertThat(there("leo@acme.com").active()).isFalse();
        assertThat(portkey.state().memberships().values()).noneMatch(members -> members.containsKey("leo@acme.com"));
        assertThat(portkey.state().listed("ws-Leavers-role-admin")).isEmpty();
        assertThat(portkey.state().listed("ws-Stayers-role-member")).containsExactly("eva@acme.com");
        assertThat(portkey.log().writes()).as("a group is never deleted, and no list is ever sent whole").noneMatch(write -> write.method().equals("DELETE") || write.method().equals("PUT"));
        bridge.scim("okta", "PATCH", "/Users/" + leo, ON);
        join(group, leo);
        settled();
        assertThat(there("leo@acme.com")).returns(true, PortkeyRow.Person::active).returns("member", PortkeyRow.Person::role);
        assertThat(members("Leavers")).isEqualTo(Map.of("leo@acme.com", "admin"));
    }

    @Test
    void whoever_comes_with_the_address_of_somebody_archived_gets_it_and_nothing_that_he_had() {
        String old = push("was", "same@acme.com");
        group("ws-Before-role-admin", old);
        settled();
        String before = there("same@acme.com").id();
        assertThat(bridge.scim("okta", "DELETE", "/Users/" + old, "").status()).isEqualTo(204);
        settled();
        assertThat(there("same@acme.com").active()).isFalse();
        group("ws-After-role-member", push("new", "same@acme.com"));
        settled();
        assertThat(there("same@acme.com")).returns(before, PortkeyRow.Person::id).returns(true, PortkeyRow.Person::active)
                .returns(bridge.sql.queryForObject("select id::text from person where email = 'same@acme.com' and not freed", String.class), PortkeyRow.Person::externalId);
        assertThat(members("Before")).isEmpty();
        assertThat(members("After")).isEqualTo(Map.of("same@acme.com", "member"));
    }

    @Test
    void somebody_made_by_hand_in_place_of_one_of_the_bridges_is_not_his() {
        String gil = push("gil", "gil@acme.com");
        settled();
        portkey.byHand().remove("gil@acme.com");
        String byHand = portkey.byHand().person("gil@acme.com", "Gil", "Byhand", "admin").id();
        patch(gil, "{\"displayName\":\"Gil Other\"}");
        settled();
        assertThat(there("gil@acme.com")).returns(byHand, PortkeyRow.Person::id).returns("Gil Byhand", PortkeyRow.Person::displayName).returns("admin", PortkeyRow.Person::role);
        assertThat(bridge.count("select count(*) from target_person where email = 'gil@acme.com' and owner = 'unmanaged'")).isEqualTo(1);
    }

    @Test
    void two_people_who_swap_addresses_are_told_once_and_go_on_once_one_of_them_was_given_another_by_hand() {
        push("swa", "swa@acme.com");
        push("swb", "swb@acme.com");
        settled();
        String one = id("swa@acme.com");
        String two = id("swb@acme.com");
        bridge.sql.update("update person set email = 'swc@acme.com', email_folded = 'swc@acme.com' where id = ?::uuid", one);
        bridge.sql.update("update person set email = 'swa@acme.com', email_folded = 'swa@acme.com' where id = ?::uuid", two);
        bridge.sql.update("update person set email = 'swb@acme.com', email_folded = 'swb@acme.com' where id = ?::uuid", one);
        bridge.sql.update("insert into outbox (kind, key) values ('person', ?::uuid), ('person', ?::uuid)", one, two);
        settled();
        assertThat(bridge.sql.queryForList("select sentence from target_finding where closed_at is null and subject like any (array[? || '%', ? || '%'])", String.class, one, two)).hasSize(2).allMatch(sentence -> sentence.startsWith("two people have each other's address"));
        assertThat(there("swa@acme.com").externalId()).as("nothing is written of it").isEqualTo(one);
        byHand("PATCH", "/Users/" + there("swa@acme.com").id(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"emails\",\"value\":[{\"value\":\"sw-away@acme.com\",\"type\":\"work\",\"primary\":true}]}]}");
        bridge.sql.update("update outbox set doubt = true, due_at = now() where key = ?::uuid", one); // as after a reading
        await(() -> {
            bridge.sql.update("update outbox set due_at = now() where key in (?::uuid, ?::uuid) and leased_by is null", one, two); // not five minutes later
            return bridge.count("select count(*) from outbox where key in ('" + one + "', '" + two + "')");
        }, 0L);
        assertThat(there("swa@acme.com").externalId()).isEqualTo(two);
        assertThat(there("swb@acme.com").externalId()).isEqualTo(one);
        assertThat(bridge.count("select count(*) from target_finding where closed_at is null and sentence like 'two people have%'")).isZero();
    }

    @Test
    void a_group_is_made_once_whoever_needs_it_first() {
        for (int i = 0; i < 30; i++) {
            (i % 2 == 0 ? bridge : other).scim("okta", "POST", "/Users", TestBridge.user("t" + i, "t" + i + "@acme.com", true));
        }
        settled();
        List<String> ids = bridge.sql.queryForList("select external_id from account where external_id like 't%'", String.class);
        group("ws-Team-role-member", ids.stream().map(PublishesByScim::account).toArray(String[]::new));
        settled();
        assertThat(members("Team")).hasSize(ids.size());
        assertThat(portkey.state().groups().stream().filter(group -> group.name().equals("ws-Team-role-member"))).hasSize(1);
        assertThat(bridge.count("select count(*) from target_group where name = 'ws-Team-role-member' and owner = 'managed'")).isEqualTo(1);
        assertThat(portkey.state().workspaces().stream().filter(workspace -> workspace.name().equals("Team"))).hasSize(1);
    }

    @Test
    void people_and_groups_that_the_bridge_did_not_make_are_told_and_left() {
        String uma = portkey.byHand().person("uma@acme.com", "Uma", "Byhand", "admin").id();
        byHand("POST", "/Groups", "{\"displayName\":\"ws-Hall-role-member\",\"members\":[{\"value\":\"" + uma + "\"}]}");
        String pushed = push("uma", "uma@acme.com");
        group("ws-Hall-role-member", push("hal", "hal@acme.com"));
        settled();
        assertThat(there("uma@acme.com")).returns("admin", PortkeyRow.Person::role).returns("", PortkeyRow.Person::externalId);
        assertThat(members("Hall")).isEqualTo(Map.of("uma@acme.com", "member"));
        assertThat(findings("unmanaged")).anyMatch(sentence -> sentence.contains("somebody with the address of a member is at Portkey")).anyMatch(sentence -> sentence.contains("group ws-Hall-role-member is at Portkey and was not made by the bridge"));
        bridge.scim("okta", "PATCH", "/Users/" + pushed, OFF);
        settled();
        assertThat(there("uma@acme.com").active()).isTrue();
        assertThat(bridge.count("select count(*) from dead_letter where source = 'portkey' and sentence like '%uma%'")).isZero();
    }

    @Test
    void an_address_that_portkey_refuses_holds_its_own_leaver_not_back() {
        String pia = push("pia", "pia@acme.com");
        settled();
        portkey.verifiedDomains("acme.com");
        patch(pia, "{\"emails\":[{\"value\":\"pia@acme-labs.io\",\"type\":\"work\",\"primary\":true}]}");
        group("ws-Peers-role-member", pia);
        await(() -> members("Peers").keySet(), Set.of("pia@acme.com"));
        await(() -> bridge.sql.queryForList("select cause from dead_letter where source = 'portkey' and status = 'open' and key = ?", String.class, id("pia@acme-labs.io")), List.of("TARGET_POISON"));
        assertThat(bridge.sql.queryForObject("select sentence from dead_letter where source = 'portkey' and status = 'open' and key = ?", String.class, id("pia@acme-labs.io"))).contains("400 invalidValue").contains("verified Allowed Domains");
        bridge.scim("okta", "PATCH", "/Users/" + pia, OFF);
        await(() -> there("pia@acme.com").active(), false);
        settled();
        assertThat(members("Peers")).isEmpty();
    }

    @Test
    void an_answer_that_is_lost_makes_nothing_twice() {
        portkey.faults().set(List.of(reset("POST", "/Users"), reset("POST", "/Groups"), reset("PATCH", "/Groups/*")));
        group("ws-Undone-role-manager", push("una", "una@acme.com"));
        await(() -> {
            bridge.sql.update("update outbox set due_at = now() where doubt and leased_by is null"); // not a minute later
            return members("Undone");
        }, Map.of("una@acme.com", "manager"));
        settled();
        assertThat(portkey.faults().all()).isEmpty();
        assertThat(deeds("una@acme.com")).containsExactly("create user una@acme.com", "add una@acme.com to Undone as manager");
        assertThat(deeds("Undone")).containsExactly("create workspace Undone");
        assertThat(bridge.count("select count(*) from target_person where email = 'una@acme.com' and owner = 'managed' and user_id is not null")).isEqualTo(1);
    }

    @Test
    void a_raise_of_which_nobody_knows_how_far_it_came_is_ended_whatever_he_is_to_be_by_then() {
        String ian = push("ian", "ian@acme.com");
        group("ws-Doubt-role-member", ian);
        settled();
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_500, "/Groups/" + groupId("ws-Doubt-role-member"), 0, 1, 0, "PATCH", 0, false)));
        String admins = group("ws-Doubt-role-admin", ian);
        settled();
        assertThat(members("Doubt")).isEqualTo(Map.of("ian@acme.com", "admin"));
        assertThat(portkey.state().listed("ws-Doubt-role-member")).isEmpty();
        byHand("PATCH", "/Groups/" + groupId("ws-Doubt-role-member"), "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + there("ian@acme.com").id() + "\"}]}]}");
        bridge.sql.update("insert into outbox (kind, key, leaver, doubt) values ('person', ?::uuid, false, true)", id("ian@acme.com"));
        settled();
        assertThat(members("Doubt")).as("in two groups: the one he is to be in stays").isEqualTo(Map.of("ian@acme.com", "admin"));
        assertThat(portkey.state().listed("ws-Doubt-role-member")).isEmpty();
        leave(admins, ian);
        settled();
        assertThat(members("Doubt")).isEqualTo(Map.of("ian@acme.com", "member"));
    }

    @Test
    void a_workspace_keeps_the_name_it_has_there_and_one_that_no_group_can_say_is_told_once() {
        String kim = push("kim", "kim@acme.com");
        String group = group("ws-Old-role-member", kim);
        group("ws-Twice-role-x-role-member", kim);
        settled();
        bridge.scim("okta", "PATCH", "/Groups/" + group, "{\"Operations\":[{\"op\":\"replace\",\"value\":{\"displayName\":\"ws-New-role-member\"}}]}");
        await(() -> findings("unpublishable").stream().anyMatch(sentence -> sentence.equals("workspace New is called Old at Portkey, and its SCIM cannot say the new name")), true);
        join(group, push("kit", "kit@acme.com"));
        await(() -> members("Old").keySet(), Set.of("kim@acme.com", "kit@acme.com"));
        assertThat(portkey.state().workspace("New")).isEmpty();
        assertThat(findings("unpublishable")).filteredOn(sentence -> sentence.contains("workspace Twice-role-x has a name that no group can say")).hasSize(1);
        group("ws-Old-role-admin", push("ole", "ole@acme.com"));
        await(() -> findings("unpublishable").stream().anyMatch(sentence -> sentence.startsWith("workspace Old has the name that another of ours")), true);
        assertThat(members("Old")).doesNotContainKey("ole@acme.com");
    }

    @Test
    void the_last_owner_stays_until_there_is_another_and_protected_people_always() {
        portkey.byHand().role(StandInPortkey.OWNER, "admin");
        portkey.byHand().person("ciso@acme.com", "Cis", "O", "member");
        String two = push("ciso", "ciso@acme.com");
        String one = bridge.scim("okta", "POST", "/Users", TestBridge.user("own", "own@acme.com", true).replace("\"active\"", "\"roles\":[\"owner\"],\"active\"")).body().path("id").asText();
        bridge.scim("okta", "POST", "/Users", TestBridge.user("next", "next@acme.com", true).replace("\"active\"", "\"roles\":[\"owner\"],\"active\""));
        settled();
        bridge.sql.update("update target_person set org_role = 'member' where org_role = 'owner' and email <> 'own@acme.com'");
        patch(one, "{\"roles\":[]}");
        await(() -> findings("unpublishable").contains("the last owner of the organisation is to be member: nothing of his is written"), true);
        assertThat(there("own@acme.com").role()).isEqualTo("owner");
        bridge.sql.update("update target_person set org_role = 'owner' where email = 'next@acme.com'");
        bridge.sql.update("update outbox set due_at = now()");
        settled();
        assertThat(there("own@acme.com").role()).isEqualTo("member");
        assertThat(there("next@acme.com").role()).isEqualTo("owner");
        bridge.scim("okta", "PATCH", "/Users/" + two, OFF);
        settled();
        assertThat(there("ciso@acme.com").active()).isTrue();
    }

    @Test
    void a_token_that_is_not_taken_stops_everything_with_one_alarm_and_no_letters() {
        portkey.faults().set(List.of(new Faults.Fault(Faults.Kind.STATUS_403, "/Users", 0, 3, 0, "POST", 0, false)));
        push("stop", "stop@acme.com");
        await(() -> bridge.count("select count(*) from target where stopped_at is not null"), 1L);
        assertThat(bridge.count("select count(*) from dead_letter where source = 'portkey' and cause = 'auth'")).isZero();
        portkey.faults().set(List.of());
        bridge.sql.update("update target set probe_at = now()");
        await(() -> portkey.state().person("stop@acme.com").isPresent(), true);
    }

    @Test
    void whatever_happens_and_whatever_fails_on_the_way_in_the_end_both_are_equal() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String tag = "rnd" + Long.toHexString(seed);
        portkey.faults().seed(seed);
        portkey.faults().set(List.of(Faults.Fault.likely(Faults.Kind.RESET, "PATCH", "/*", 4).afterwards(), Faults.Fault.likely(Faults.Kind.STATUS_500, "PATCH", "/Groups/*", 2), Faults.Fault.likely(Faults.Kind.RESET, "POST", "/*", 10).afterwards()));
        List<String> people = IntStream.range(0, 6).mapToObj(n -> push(tag + n, tag + n + "@acme.com")).toList();
        List<String> groups = Stream.of(" 1-role-admin", " 1-role-manager", " 1-role-member", " 2-role-admin", " 2-role-member").map(name -> group("ws-" + tag + name)).toList();
        for (int i = 0; i < 80; i++) {
            String person = people.get(random.nextInt(people.size()));
            String group = groups.get(random.nextInt(groups.size()));
            switch (random.nextInt(9)) {
                case 0 -> bridge.scim("okta", "PATCH", "/Users/" + person, OFF);
                case 1, 2 -> bridge.scim("okta", "PATCH", "/Users/" + person, ON);
                case 3 -> patch(person, "{\"roles\":[\"" + (random.nextBoolean() ? "admin" : "member") + "\"]}");
                case 4, 5 -> leave(group, person);
                default -> join(group, person);
            }
            if (random.nextInt(4) == 0) {
                TestBridge.pause(random.nextInt(150));
            }
        }
        TestBridge.pause(200);
        portkey.faults().set(List.of());
        bridge.sql.update("update target set failures = 0, open_until = null");
        settled();
        assertThat(portkey.state().people().stream().filter(person -> person.email().startsWith(tag)).filter(PortkeyRow.Person::active).map(person -> person.email() + " " + person.role()).sorted())
                .as("seed %s", seed).isEqualTo(bridge.sql.queryForList("select email || ' ' || org_role from person where email like ? || '%' and status = 'active' order by 1", String.class, tag));
        List<String> there = new ArrayList<>();
        portkey.state().memberships().forEach((workspace, members) -> members.forEach((email, role) -> there.add(workspace + "/" + email + "=" + role)));
        List<String> wanted = bridge.sql.queryForList("select w.name || '/' || p.email || '=' || m.role from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id where p.status = 'active' and p.org_role = 'member' and p.email like ? || '%' order by 1", String.class, tag);
        assertThat(there.stream().filter(row -> row.contains("/" + tag))).as("seed %s", seed).containsAll(wanted);
        List<String> all = bridge.sql.queryForList("select w.name || '/' || p.email from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id where p.status = 'active' and p.email like ? || '%'", String.class, tag);
        assertThat(there.stream().filter(row -> row.contains("/" + tag)).map(row -> row.replaceFirst("=.*", ""))).as("nobody has more, seed %s", seed).isSubsetOf(all);
        for (PortkeyRow.Person person : portkey.state().people()) {
            for (String workspace : List.of(tag + " 1", tag + " 2")) {
                assertThat(Stream.of("admin", "manager", "member").filter(role -> portkey.state().listed("ws-" + workspace + "-role-" + role).contains(person.email()))).as("one group a workspace, seed %s", seed).hasSizeLessThan(2);
            }
        }
    }
}
