package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.Faults;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.PortkeyState;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.publish.PublisherProcess;
import io.identitybridge.store.PublishStore;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two publishers, each a process of its own, over one store and one Portkey that fails 10 calls in 100: both are killed with -9 at 200 seeded moments while people
 * come, move, change roles and leave. At the end Portkey is as the store says.
 */
@Tag("real")
class PublishKilledTest {
    private static final int KEYS = Integer.getInteger("keys", 5_000);
    private static final int KILLS = Integer.getInteger("kills", 200);
    private static final long SEED = Long.getLong("seed", 20261125L);
    private static final int WORKSPACES = 40;
    private static final int CHANGES = 60;
    @TempDir
    Path folder;

    @Test
    void killed_at_any_moment_portkey_ends_as_the_store_says() throws Exception {
        System.out.println("seed " + SEED + ", " + KEYS + " keys, both killed " + KILLS + " times");
        List<String> database = TestDatabase.freshAddress();
        DataSource source = new DriverManagerDataSource(database.get(0), database.get(1), database.get(2));
        JdbcTemplate sql = new JdbcTemplate(source);
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        try (StandInPortkey portkey = new StandInPortkey(0, "/v1")) {
            TargetState state = new TargetState(sql, transactions);
            state.meet("portkey-admin-api", portkey.adminUrl());
            state.mode(true, "test", "for the test");
            People people = new People(sql, transactions, portkey, new Random(SEED));
            people.begin();
            portkey.faults().set(faults());
            List<Process> bridges = new ArrayList<>();
            Random random = new Random(SEED);
            long begin = System.nanoTime();
            for (int kill = 0; kill < KILLS; kill++) {
                Process bridge = PublisherProcess.start(database, portkey.adminUrl(), StandInPortkey.ADMIN_KEY, folder.resolve("publishers.log"));
                bridges.add(bridge);
                people.change(CHANGES);
                calls(portkey, portkey.calls() + random.nextInt(100));
                if (bridges.size() == 2) {
                    bridges.remove(random.nextInt(2)).destroyForcibly().waitFor();
                    if (random.nextInt(3) == 0) { // both at once
                        bridges.removeFirst().destroyForcibly().waitFor();
                    }
                }
            }
            System.out.printf("%d kills in %d s, %d calls so far%n", KILLS, (System.nanoTime() - begin) / 1_000_000_000, portkey.calls());
            bridges.add(PublisherProcess.start(database, portkey.adminUrl(), StandInPortkey.ADMIN_KEY, folder.resolve("publishers.log")));
            try {
                await(sql);
                assertThat(different(people.wanted(), atPortkey(portkey.state()), portkey)).as("seed %d%n%s", SEED, log()).isEmpty();
                people.leavers().forEach(email -> assertThat(portkey.log().deeds(email)).as("%s: nothing came after his leaving", email).allSatisfy(deed -> assertThat(deed).isNotBlank())
                        .last().asString().matches("(?s).*(remove|cancel|archive|delete).*"));
                assertThat(portkey.state().invites().stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING).map(PortkeyRow.Invite::email).toList()).as("nobody has two invites").doesNotHaveDuplicates();
                System.out.printf("%d calls, %d writes, equal%n", portkey.calls(), portkey.log().writes().size());
            } finally {
                bridges.forEach(Process::destroyForcibly);
            }
        }
    }

    /** Until so many calls have come, or nothing comes any more: moments that no clock decides. */
    private static void calls(StandInPortkey portkey, long wanted) throws InterruptedException {
        for (int i = 0; i < 300 && portkey.calls() < wanted; i++) {
            Thread.sleep(10);
        }
    }

    private static List<Faults.Fault> faults() {
        List<Faults.Fault> faults = new ArrayList<>();
        for (Faults.Kind kind : List.of(Faults.Kind.STATUS_503, Faults.Kind.STATUS_429, Faults.Kind.RESET)) {
            faults.add(Faults.Fault.likely(kind, "", "/admin/*", 3));
        }
        faults.add(Faults.Fault.likely(Faults.Kind.RESET, "", "/admin/*", 3).afterwards());
        return faults;
    }

    private void await(JdbcTemplate sql) throws InterruptedException {
        long left = 1;
        for (int i = 0; i < 3_000 && left > 0; i++) {
            Thread.sleep(100);
            left = sql.queryForObject("select count(*) from outbox", Long.class);
        }
        assertThat(left).as("keys left: %s %s", sql.queryForList("select o.*, d.sentence from outbox o left join dead_letter d on d.key = o.key::text limit 5"), log()).isZero();
    }

    private String log() {
        try {
            String all = Files.readString(folder.resolve("publishers.log"));
            return all.substring(Math.max(0, all.length() - 3_000));
        } catch (IOException e) {
            return "";
        }
    }

    /** A line for each person who is not as he should be: what is wanted, what is there, and what was done for him. */
    private static List<String> different(Map<String, String> wanted, Map<String, String> there, StandInPortkey portkey) {
        return Stream.concat(wanted.keySet().stream(), there.keySet().stream()).distinct().sorted().filter(email -> !Objects.equals(wanted.get(email), there.get(email)))
                .map(email -> "%s: wanted %s, there %s, after %s".formatted(email, wanted.get(email), there.get(email), portkey.log().deeds(email))).toList();
    }

    /** By e-mail: {@code user member {Sales=admin}}, or {@code invite ...}. */
    private static Map<String, String> atPortkey(PortkeyState state) {
        Map<String, Map<String, String>> roles = new HashMap<>();
        state.memberships().forEach((workspace, members) -> members.forEach((email, role) -> roles.computeIfAbsent(email, e -> new TreeMap<>()).put(workspace, role)));
        Map<String, String> found = new TreeMap<>();
        state.people().stream().filter(person -> person.active() && !person.email().equals(StandInPortkey.OWNER)).forEach(person -> found.put(person.email(), "user " + person.role() + " " + roles.getOrDefault(person.email(), Map.of())));
        state.invites().stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING).forEach(invite -> {
            Map<String, String> carries = new TreeMap<>();
            invite.workspaces().forEach((id, role) -> carries.put(state.workspace(id).orElseThrow().name(), role));
            found.merge(invite.email(), "invite " + invite.role() + " " + carries, (one, other) -> one + " and " + other);
        });
        return found;
    }

    /** The people of the world, in the store and, most of them, at Portkey. */
    private static final class People {
        private final JdbcTemplate sql;
        private final TransactionTemplate transactions;
        private final StandInPortkey portkey;
        private final Random random;
        private final List<UUID> workspaces = new ArrayList<>();

        People(JdbcTemplate sql, TransactionTemplate transactions, StandInPortkey portkey, Random random) {
            this.sql = sql;
            this.transactions = transactions;
            this.portkey = portkey;
            this.random = random;
        }

        void begin() {
            for (int w = 0; w < WORKSPACES; w++) {
                UUID id = UUID.randomUUID();
                String name = "W" + w;
                PortkeyRow.Workspace there = portkey.byHand().workspace(name);
                sql.update("insert into workspace (id, name, name_folded) values (?, ?, ?)", id, name, name.toLowerCase());
                sql.update("insert into target_workspace (uuid, slug, name, name_folded, workspace_id, owner, asked_at) values (?, ?, ?, ?, ?, 'adopted', now() - interval '1 hour')", there.id(), there.slug(), name, name.toLowerCase(), id);
                workspaces.add(id);
            }
            List<UUID> all = new ArrayList<>();
            for (int p = 0; p < KEYS; p++) {
                UUID id = id(p);
                all.add(id);
                sql.update("insert into person (id, email, email_folded, user_name, display_name, status) values (?, ?, ?, ?, ?, 'active')", id, email(p), email(p), email(p), "Person " + p);
                if (p % 5 > 0) { // four in five are users already, one is to be invited
                    String user = portkey.byHand().person(email(p), "Person", String.valueOf(p), "member").id();
                    sql.update("insert into target_person (email, email_folded, user_id, org_role, person_id, owner, asked_at) values (?, ?, ?, 'member', ?, 'adopted', now() - interval '1 hour')", email(p), email(p), user, id);
                }
                for (int m = random.nextInt(3); m > 0; m--) {
                    place(id);
                }
            }
            transactions.executeWithoutResult(tx -> PublishStore.wants(sql, all, List.of()));
        }

        /** Some move, some change roles, some leave, and some who left come back. */
        void change(int many) {
            transactions.executeWithoutResult(tx -> {
                List<UUID> touched = new ArrayList<>();
                List<UUID> leavers = new ArrayList<>();
                random.ints(many, 0, KEYS).distinct().sorted().forEach(p -> {
                    UUID id = id(p);
                    sql.queryForList("select id from person where id = ? for update", id);
                    switch (random.nextInt(8)) {
                        case 0 -> {
                            if (sql.update("update person set status = 'archived' where id = ? and status = 'active'", id) > 0) {
                                sql.update("delete from membership where person_id = ?", id);
                                leavers.add(id);
                            }
                        }
                        case 1 -> sql.update("update person set status = 'active' where id = ?", id);
                        case 2 -> sql.update("update person set org_role = case org_role when 'admin' then 'member' else 'admin' end where id = ?", id);
                        case 3, 4 -> sql.update("delete from membership where person_id = ? and workspace_id = ?", id, workspaces.get(random.nextInt(WORKSPACES)));
                        case 5 -> sql.update("delete from membership where person_id = ?", id);
                        default -> place(id);
                    }
                    touched.add(id);
                });
                PublishStore.wants(sql, touched, leavers);
            });
        }

        private void place(UUID id) {
            sql.update("insert into membership (person_id, workspace_id, role) select ?, ?, ? from person where id = ? and status = 'active' on conflict (person_id, workspace_id) do update set role = excluded.role",
                    id, workspaces.get(random.nextInt(WORKSPACES)), List.of("member", "manager", "admin").get(random.nextInt(3)), id);
        }

        /** As {@link #atPortkey} would find it; whoever was made a user stays one until he leaves, and is invited after that. */
        Map<String, String> wanted() {
            Map<String, Map<String, String>> roles = new HashMap<>();
            sql.query("select p.email, w.name, m.role from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id", rs -> {
                roles.computeIfAbsent(rs.getString(1), e -> new TreeMap<>()).put(rs.getString(2), rs.getString(3));
            });
            PortkeyState now = portkey.state();
            Map<String, String> wanted = new TreeMap<>();
            sql.query("select email, org_role from person where status = 'active'", rs -> {
                wanted.put(rs.getString(1), (now.person(rs.getString(1)).isPresent() ? "user " : "invite ") + rs.getString(2) + " " + roles.getOrDefault(rs.getString(1), Map.of()));
            });
            return wanted;
        }

        List<String> leavers() {
            return sql.queryForList("select email from person where status = 'archived'", String.class).stream().filter(email -> !portkey.log().deeds(email).isEmpty()).toList();
        }

        private static UUID id(int p) {
            return new UUID(0x7000, p);
        }

        private static String email(int p) {
            return "p" + p + "@acme.com";
        }
    }
}
