package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.lab.PortkeyLog;
import io.identitybridge.lab.PortkeyRow;
import io.identitybridge.lab.PortkeyState;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.PublishStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The people and workspaces of one seed, in the store and, most of them, at Portkey. */
final class KilledWorld {
    private static final int WORKSPACES = 20;
    private static final Pattern ROW = Pattern.compile("(?:add \\S+ to (?<to>.+) as|(?:raise|lower) \\S+ in (?<in>.+) from \\S+ to) (?<role>\\S+)|remove \\S+ from (?<from>.+)");
    private static final Pattern OUT = Pattern.compile("archive user .*|invite of .* is cancelled");
    private final JdbcTemplate sql;
    private final TransactionTemplate transactions;
    private final StandInPortkey portkey;
    private final int seed;
    private final int keys;
    private final boolean scim;
    private final Random random;

    KilledWorld(JdbcTemplate sql, DataSource source, StandInPortkey portkey, int seed, int keys, boolean scim) {
        this.sql = sql;
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        this.portkey = portkey;
        this.seed = seed;
        this.keys = keys;
        this.scim = scim;
        this.random = new Random(seed);
    }

    /** Four people in five are users already, one is to come; by SCIM the workspaces are to be made as well. */
    void begin() {
        List<UUID> places = new ArrayList<>();
        for (int w = 0; w < WORKSPACES; w++) {
            sql.update("insert into workspace (id, name, name_folded) values (?, ?, ?)", workspace(w), name(w), name(w).toLowerCase());
            places.add(workspace(w));
            if (!scim) {
                PortkeyRow.Workspace there = portkey.byHand().workspace(name(w));
                sql.update("insert into target_workspace (uuid, slug, name, name_folded, workspace_id, owner, asked_at) values (?, ?, ?, ?, ?, 'adopted', now() - interval '1 hour')", there.id(), there.slug(), name(w), name(w).toLowerCase(), workspace(w));
            }
        }
        List<Object[]> people = new ArrayList<>();
        List<Object[]> users = new ArrayList<>();
        List<Object[]> memberships = new ArrayList<>();
        List<UUID> all = new ArrayList<>();
        for (int p = 0; p < keys; p++) {
            all.add(id(p));
            people.add(new Object[] {id(p), email(p), email(p), email(p), "Person " + p});
            if (p % 5 > 0) {
                users.add(new Object[] {email(p), email(p), portkey.byHand().person(email(p), "Person", String.valueOf(p), "member").id(), id(p)});
            }
            int first = random.nextInt(WORKSPACES);
            for (int m = random.nextInt(4) == 0 ? 2 : 1; m > 0; m--) {
                memberships.add(new Object[] {id(p), workspace((first + m) % WORKSPACES), role()});
            }
        }
        transactions.executeWithoutResult(tx -> {
            sql.batchUpdate("insert into person (id, email, email_folded, user_name, display_name, status) values (?, ?, ?, ?, ?, 'active')", people);
            sql.batchUpdate("insert into target_person (email, email_folded, user_id, org_role, person_id, owner, asked_at) values (?, ?, ?, 'member', ?, 'adopted', now() - interval '1 hour')", users);
            sql.batchUpdate("insert into membership (person_id, workspace_id, role) values (?, ?, ?)", memberships);
            PublishStore.wantsPlaces(sql, places);
            PublishStore.wants(sql, all, List.of());
        });
        sql.execute("analyze");
    }

    /** Some move, some change roles, some leave, and some who left come back. */
    void change(int many) {
        transactions.executeWithoutResult(tx -> {
            List<UUID> touched = new ArrayList<>();
            List<UUID> leavers = new ArrayList<>();
            random.ints(many, 0, keys).distinct().sorted().forEach(p -> {
                UUID id = id(p);
                sql.queryForList("select id from person where id = ? for update", id);
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        if (sql.update("update person set status = 'archived' where id = ? and status = 'active'", id) > 0) {
                            sql.update("delete from membership where person_id = ?", id);
                            leavers.add(id);
                        } else {
                            sql.update("update person set status = 'active' where id = ?", id);
                        }
                    }
                    case 2 -> sql.update("update person set org_role = case org_role when 'admin' then 'member' else 'admin' end where id = ?", id);
                    case 3 -> sql.update("delete from membership where person_id = ?", id);
                    case 4 -> sql.update("update membership set role = ? where person_id = ?", role(), id);
                    default -> sql.update("insert into membership (person_id, workspace_id, role) select ?, ?, ? from person where id = ? and status = 'active' on conflict (person_id, workspace_id) do update set role = excluded.role",
                            id, workspace(random.nextInt(WORKSPACES)), role(), id);
                }
                touched.add(id);
            });
            PublishStore.wants(sql, touched, leavers);
        });
    }

    void check() {
        assertThat(sql.queryForList("select * from target_finding where closed_at is null and sentence not like '%bridge did not make%'")).as("findings, seed %d", seed).isEmpty();
        PortkeyState state = portkey.state();
        Map<String, String> wanted = wanted(state);
        assertThat(different(wanted, atPortkey(state))).as("Portkey is as the store says, seed %d", seed).isEmpty();
        lastWrites(wanted);
        assertThat(state.invites().stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING).map(PortkeyRow.Invite::email).toList()).as("nobody has two invites, seed %d", seed).doesNotHaveDuplicates();
    }

    /** A line for each person who is not as he should be: what is wanted, what is there, and what was done for him. */
    private List<String> different(Map<String, String> wanted, Map<String, String> there) {
        return Stream.concat(wanted.keySet().stream(), there.keySet().stream()).distinct().sorted().filter(email -> !Objects.equals(wanted.get(email), there.get(email)))
                .map(email -> "%s: wanted %s, there %s, after %s".formatted(email, wanted.get(email), there.get(email), portkey.log().deeds(email))).toList();
    }

    /** By e-mail: {@code user member {Sales=admin}}, or {@code invite ...}. */
    private Map<String, String> atPortkey(PortkeyState state) {
        Map<String, Map<String, String>> roles = new HashMap<>();
        state.memberships().forEach((workspace, members) -> members.forEach((email, role) -> roles.computeIfAbsent(email, e -> new TreeMap<>()).put(workspace, role)));
        Map<String, String> found = new TreeMap<>();
        state.people().stream().filter(person -> person.active() && mine(person.email())).forEach(person -> found.put(person.email(), "user " + person.role() + " " + roles.getOrDefault(person.email(), Map.of())));
        state.invites().stream().filter(invite -> invite.standing() == PortkeyRow.Standing.PENDING && mine(invite.email())).forEach(invite -> {
            Map<String, String> carries = new TreeMap<>();
            invite.workspaces().forEach((id, role) -> carries.put(state.workspace(id).orElseThrow().name(), role));
            found.merge(invite.email(), "invite " + invite.role() + " " + carries, (one, other) -> one + " and " + other);
        });
        return found;
    }

    /** As {@link #atPortkey} would find it; by the Admin API, whoever was made a user stays one until he leaves, and is invited after that. Rows of organisation admins are not written there. */
    private Map<String, String> wanted(PortkeyState now) {
        Map<String, Map<String, String>> roles = new HashMap<>();
        sql.query("select p.email, w.name, m.role from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id where p.email like ?", rs -> {
            roles.computeIfAbsent(rs.getString(1), e -> new TreeMap<>()).put(rs.getString(2), rs.getString(3));
        }, prefix() + "%");
        Map<String, String> wanted = new TreeMap<>();
        sql.query("select email, org_role from person where status = 'active' and email like ?", rs -> {
            wanted.put(rs.getString(1), (scim || now.person(rs.getString(1)).isPresent() ? "user " : "invite ") + rs.getString(2) + " " + roles.getOrDefault(rs.getString(1), Map.of()));
        }, prefix() + "%");
        return wanted;
    }

    /** The last write about each person, and about each of his rows, is what is wanted; of somebody who left nothing was written after that. */
    private void lastWrites(Map<String, String> wanted) {
        Map<String, String> lastOf = new TreeMap<>();
        Map<String, Map<String, String>> rows = new TreeMap<>();
        for (PortkeyLog.Write write : portkey.log().writes()) {
            for (PortkeyLog.Deed deed : write.deeds()) {
                if (mine(deed.key()) && !write.method().equals("HAND")) {
                    lastOf.put(deed.key(), deed.sentence());
                    Matcher row = ROW.matcher(deed.sentence());
                    if (row.matches()) {
                        String place = row.group("to") != null ? row.group("to") : row.group("in") != null ? row.group("in") : row.group("from");
                        rows.computeIfAbsent(deed.key(), key -> new TreeMap<>()).put(place, row.group("role") == null ? "" : row.group("role"));
                    }
                }
            }
        }
        lastOf.forEach((email, last) -> assertThat(OUT.matcher(last).matches()).as("the last write of %s is '%s', seed %d", email, last, seed).isEqualTo(!wanted.containsKey(email)));
        rows.forEach((email, places) -> {
            if (wanted.getOrDefault(email, "").startsWith("user")) {
                places.values().removeIf(String::isEmpty);
                assertThat(places).as("the last writes of %s, seed %d", email, seed).isEqualTo(parsed(wanted.get(email)));
            }
        });
        sql.queryForList("select email from person where status = 'archived' and email like ?", String.class, prefix() + "%").forEach(email -> assertThat(wanted).as("who left, seed %d", seed).doesNotContainKey(email));
    }

    private static Map<String, String> parsed(String text) {
        Map<String, String> rows = new TreeMap<>();
        Matcher each = Pattern.compile("([^{},=]+)=(\\w+)").matcher(text.substring(text.indexOf('{')));
        while (each.find()) {
            rows.put(each.group(1).strip(), each.group(2));
        }
        return rows;
    }

    private String role() {
        return List.of("member", "manager", "admin").get(random.nextInt(3));
    }

    private boolean mine(String email) {
        return email.startsWith(prefix());
    }

    private String prefix() {
        return "s" + seed + "p";
    }

    private String email(int p) {
        return prefix() + p + "@acme.com";
    }

    private String name(int w) {
        return "S" + seed + " W" + w;
    }

    private UUID id(int p) {
        return new UUID(0x7000L, (long) seed << 32 | p);
    }

    private UUID workspace(int w) {
        return new UUID(0x7001L, (long) seed << 32 | w);
    }
}
