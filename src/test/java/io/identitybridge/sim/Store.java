package io.identitybridge.sim;

import io.identitybridge.sim.View.AccountNow;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The real store of the bridges: its clock can be put forward, it is emptied between worlds, and the judge reads it. */
final class Store {
    private static final List<String> KEPT = List.of("active_set", "token", "flyway_schema_history", "sim_clock");
    /** Rows that name a person, workspace, account or group that is not there. */
    private static final Map<String, String> NAMING = Map.of(
            "membership", "select person_id || ' ' || workspace_id from membership m where not exists (select 1 from person p where p.id = m.person_id) or not exists (select 1 from workspace w where w.id = m.workspace_id)",
            "grants", "select person_id || ' ' || workspace_id from grants m where not exists (select 1 from membership p where p.person_id = m.person_id and p.workspace_id = m.workspace_id)",
            "membership of somebody archived", "select m.person_id || ' ' || m.workspace_id from membership m join person p on p.id = m.person_id where p.status <> 'active'",
            "link", "select account_id::text from link l where not exists (select 1 from person p where p.id = l.person_id) or not exists (select 1 from account a where a.id = l.account_id)",
            "group_member", "select group_id || ' ' || account_id from group_member m where not exists (select 1 from directory_group g where g.id = m.group_id) or not exists (select 1 from account a where a.id = m.account_id)",
            "due", "select account_id::text from due d where not exists (select 1 from account a where a.id = d.account_id)");

    private static final String BROKEN = NAMING.entrySet().stream().map(one -> "select '" + one.getKey() + " ' || row from (" + one.getValue() + ") as t (row)").collect(Collectors.joining(" union all "));

    private final JdbcTemplate sql;
    private final String empty;

    /** Its clock is {@code public.now()}, which comes before the system's: real time, put forward by {@code sim_clock}. */
    Store(DataSource database, String name) {
        sql = new JdbcTemplate(database);
        sql.execute("create table sim_clock (ahead interval not null)");
        sql.execute("insert into sim_clock values ('0')");
        sql.execute("create function public.now() returns timestamptz language sql stable as 'select pg_catalog.now() + (select ahead from public.sim_clock)'");
        sql.queryForList("select table_name, column_name from information_schema.columns where table_schema = 'public' and column_default = 'now()'")
                .forEach(column -> sql.execute("alter table " + column.get("table_name") + " alter column " + column.get("column_name") + " set default public.now()"));
        sql.execute("alter database " + name + " set search_path = public, pg_catalog");
        List<String> tables = sql.queryForList("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1", String.class);
        StringBuilder all = new StringBuilder("do $$ begin ");
        // what refers to others first
        List<String> first = List.of("due", "link", "group_member", "pending_member", "pending_group", "grants", "membership", "plan_line");
        first.forEach(table -> all.append("delete from ").append(table).append("; "));
        tables.stream().filter(table -> !KEPT.contains(table) && !first.contains(table) && !table.startsWith("qrtz_")).forEach(table -> all.append("delete from ").append(table).append("; "));
        empty = all.append("end $$").toString();
    }

    /** What a bridge does by the clock may hold a row meanwhile and wait for another: of the two the database ends one, and then it is tried again. */
    void empty() {
        for (int tries = 1; ; tries++) {
            try {
                sql.execute(empty);
                break;
            } catch (PessimisticLockingFailureException deadlock) {
                if (tries == 5) {
                    throw deadlock;
                }
            }
        }
        sql.update("update sim_clock set ahead = '0'");
    }

    void ahead(Duration time) {
        sql.update("update sim_clock set ahead = make_interval(secs => ?)", (double) time.toSeconds());
    }

    Optional<String> one(String query, Object... arguments) {
        return sql.queryForList(query, String.class, arguments).stream().findFirst();
    }

    List<Map<String, Object>> rows(String query, Object... arguments) {
        return sql.queryForList(query, arguments);
    }

    View view() {
        Map<String, AccountNow> accounts = new HashMap<>();
        sql.query("select a.source || ' ' || a.external_id, a.id::text, a.pulled_at is not null, a.gone_at is null and coalesce(a.active, false), l.person_id::text, coalesce(p.status = 'active', false), a.gone_at is null and a.standing in ('IN', 'IN_IF_PLACED') from account a left join link l on l.account_id = a.id"
                + " left join person p on p.id = l.person_id where a.external_id is not null order by a.gone_at nulls last", rs -> {
            accounts.putIfAbsent(rs.getString(1), new AccountNow(rs.getString(2), rs.getBoolean(3), rs.getBoolean(4), Optional.ofNullable(rs.getString(5)), rs.getBoolean(6), rs.getBoolean(7), ""));
        });
        Set<String> members = new HashSet<>(sql.queryForList("select g.source || ' ' || g.external_id || ' ' || a.external_id from group_member m join directory_group g on g.id = m.group_id join account a on a.id = m.account_id"
                + " where m.removed_at is null and g.gone_at is null and a.gone_at is null and g.external_id is not null and a.external_id is not null", String.class));
        Map<String, String> groups = new HashMap<>();
        sql.query("select source || ' ' || external_id, case when pulled_at >= pushed_at then coalesce(pulled -> 'record' ->> 'name', display_name) else display_name end from directory_group where gone_at is null and external_id is not null and display_name is not null", rs -> {
            groups.put(rs.getString(1), rs.getString(2));
        });
        Set<String> pulled = new HashSet<>(sql.queryForList("select source || ' ' || external_id from directory_group where gone_at is null and external_id is not null and pulled_at is not null", String.class));
        Map<String, String> roles = new HashMap<>();
        Map<String, String> people = new TreeMap<>();
        sql.query("select email, org_role, id::text from person where status = 'active'", rs -> {
            people.put(rs.getString(1), rs.getString(2));
            roles.put(rs.getString(3), rs.getString(2));
        });
        Set<String> lines = new HashSet<>();
        Map<String, String> placed = new HashMap<>();
        Map<String, String> workspaces = new HashMap<>();
        sql.query("select w.name, p.email, m.role, p.id, w.id from membership m join person p on p.id = m.person_id join workspace w on w.id = m.workspace_id where p.status = 'active'", rs -> {
            lines.add(rs.getString(1) + "/" + rs.getString(2) + "=" + rs.getString(3));
            placed.put(rs.getString(4) + " " + rs.getString(5), rs.getString(3));
        });
        Set<String> broken = new HashSet<>(sql.queryForList(BROKEN, String.class));
        Set<String> nameless = new HashSet<>(sql.queryForList("select source || ' ' || display_name from directory_group where gone_at is null and external_id is null and display_name is not null", String.class));
        Set<String> due = new HashSet<>(sql.queryForList("select a.source || ' ' || coalesce(a.external_id, '') from due d join account a on a.id = d.account_id", String.class));
        Set<String> held = new HashSet<>(sql.queryForList("select sentence || ' (' || reason || ')' from plan_line where status = 'held'", String.class));
        sql.query("select id, name from workspace where status = 'active'", rs -> { // empty ones, too: a name that one of them has is taken
            workspaces.put(rs.getString(1), rs.getString(2));
        });
        Set<String> told = new HashSet<>(sql.queryForList("select source || ' ' || key from dead_letter where status in ('open', 'retrying') and resource = 'user' and cause = 'AMBIGUOUS' and leaver", String.class));
        return new View(accounts, members, groups, pulled, people, lines, placed, workspaces, roles, broken, due, held, nameless, told);
    }
}
