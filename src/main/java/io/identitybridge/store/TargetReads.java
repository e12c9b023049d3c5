package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What is known of the live Portkey, for people who look: how it stands, what differs, and whose everything is. */
@Repository
public class TargetReads {
    static final String TO_BE_MADE = "w.status = 'active' and w.owner in ('managed', 'adopted') and not exists (select 1 from target_workspace o where o.workspace_id = w.id or o.name_folded = w.name_folded)";
    private static final String BELIEVED = "(t.asked_at is distinct from t.shown_at)";

    /** Differences, each with the letter of whoever was refused: what rests or fails again and again is no work under way. */
    private static final String DRIFT = """
            (select d.key_kind, d.key, d.part, d.kind, d.adopts, d.mails, d.joins, d.leaves, d.rounds, d.first_at, d.pending and not coalesce(o.blocked or o.due_at = 'infinity' or o.attempts > 1, false) as pending,
               d.sentence || coalesce((select ' (letter ' || l.id || ': ' || l.status || ')' from dead_letter l where o.key is not null and l.source = 'portkey' and l.resource = d.key_kind and l.key = d.key::text and l.status in ('open', 'retrying', 'discarded', 'expired') order by l.id desc limit 1), '') as sentence
             from target_drift d left join outbox o on o.kind = d.key_kind and o.key = d.key)""";

    private static final Listing LINES = Listing.of("target-lines", "(select 'd' || key_kind || key || part as id, kind, sentence, adopts, pending, mails, joins, leaves, rounds, first_at from " + DRIFT + """
             x
             union all select 'p' || id, 'unmanaged', email || ' is at Portkey, and nobody here has this address', false, false, false, 0, 0, 1, asked_at from target_person where owner = 'unmanaged' and person_id is null and not twice and user_id is not null and active
             union all select 'w' || id, 'unmanaged', 'workspace ' || name || ' is at Portkey, and nothing here gives it', false, false, false, 0, 0, 1, asked_at from target_workspace where owner = 'unmanaged' and workspace_id is null and active
             union all select 'g' || group_id, 'unmanaged', 'group ' || name || ' is at Portkey and does not fit the pattern: what Portkey maps it to, its SCIM does not show', false, false, false, 0, 0, 1, asked_at from target_group where owner = 'unmanaged' and role is null and absent_at is null
             union all select 'm' || m.mapping_id, 'unmanaged', 'SCIM group ' || m.group_name || ' is mapped at Portkey to workspace ' || coalesce(w.name, m.workspace_uuid) || ' as ' || m.role, false, false, false, 0, 0, 1, m.first_at from target_mapping m left join target_workspace w on w.id = m.workspace
             union all select 'f' || id, 'ambiguous', sentence || ': ' || todo, false, false, false, 0, 0, 1, first_at from target_finding where kind = 'ambiguous' and closed_at is null) l""")
            .field("kind", "l.kind").shows("sentence", "l.sentence").shows("onceAdopted", "l.adopts").shows("pending", "l.pending").shows("mails", "l.mails").shows("joins", "l.joins").shows("leaves", "l.leaves").shows("rounds", "l.rounds").shows("since", "l.first_at")
            .filter("onceAdopted", "l.adopts = ?::boolean", yes -> yes).filter("pending", "l.pending = ?::boolean", yes -> yes).filter("mails", "l.mails = ?::boolean", yes -> yes)
            .searches("l.sentence").by("l.kind", "text").by("l.id", "text");

    private static final Listing PEOPLE = Listing.of("target-people", "target_person t left join person p on p.id = t.person_id")
            .shows("id", "t.id").shows("email", "t.email").field("owner", "t.owner").shows("role", "t.org_role").shows("user", "t.user_id").field("invite", "t.invite_status").shows("personId", "t.person_id").shows("member", "p.email")
            .shows("workspaces", "(select count(*) from target_member m where m.person = t.id)").shows("asked", "t.asked_at").shows("believed", BELIEVED).shows("held", "t.invite_held")
            .filter("matched", "(t.person_id is not null) = ?::boolean", yes -> yes).filter("believed", BELIEVED + " = ?::boolean", yes -> yes).filter("email", "t.email_folded = ?", Folded::of)
            .searches("t.email", "t.name").by("t.id", "bigint");

    private static final Listing WORKSPACES = Listing.of("target-workspaces", "target_workspace t left join workspace w on w.id = t.workspace_id")
            .shows("id", "t.id").shows("name", "t.name").shows("slug", "t.slug").shows("uuid", "t.uuid").field("owner", "t.owner").shows("shared", "t.shared").shows("active", "t.active").shows("workspaceId", "t.workspace_id").shows("workspace", "w.name")
            .shows("members", "(select count(*) from target_member m where m.workspace = t.id)").shows("asked", "t.asked_at").shows("believed", BELIEVED)
            .filter("matched", "(t.workspace_id is not null) = ?::boolean", yes -> yes).searches("t.name", "t.slug").by("t.name_folded", "text").by("t.id", "bigint");

    private static final Listing ROWS = Listing.of("target-members", "target_member t join target_person p on p.id = t.person join target_workspace w on w.id = t.workspace")
            .shows("email", "p.email").shows("workspace", "w.name").field("role", "t.role").field("owner", "t.owner").shows("asked", "t.asked_at").shows("believed", BELIEVED)
            .filter("believed", BELIEVED + " = ?::boolean", yes -> yes).filter("email", "p.email_folded = ?", Folded::of).filter("workspace", "w.name_folded = ?", Folded::of)
            .searches("p.email", "w.name").by("t.person", "bigint").by("t.workspace", "bigint");

    private static final Listing MAPPINGS = Listing.of("target-mappings", "target_mapping m left join target_workspace w on w.id = m.workspace")
            .shows("id", "m.mapping_id").shows("group", "m.group_name").shows("groupId", "m.group_id").shows("workspace", "coalesce(w.name, m.workspace_uuid)").field("role", "m.role").shows("since", "m.first_at")
            .filter("workspace", "w.name_folded = ?", Folded::of).searches("m.group_name", "w.name").by("m.group_name", "text").by("m.mapping_id", "text");

    private static final Listing FINDINGS = Listing.of("target-findings", "target_finding f")
            .shows("id", "f.id").field("kind", "f.kind").field("subject", "f.subject").shows("sentence", "f.sentence").shows("todo", "f.todo").shows("since", "f.first_at").shows("last", "f.last_at").shows("closed", "f.closed_at")
            .filter("open", "(f.closed_at is null) = ?::boolean", yes -> yes).searches("f.sentence", "f.todo").by("f.id", "bigint").newestFirst();

    private static final Listing MANUAL = Listing.of("target-manual", "(select person_id, workspace_id::text as place, (select name from workspace w where w.id = workspace_id) as name, owner, review_on, why, at,"
            + " (select g.role from grants g where g.person_id = m.person_id and g.workspace_id = m.workspace_id and g.reason = 'manual' order by g.source = 'manual' desc limit 1) as role from manual_grant m"
            + " union all select person_id, '', 'the organisation', owner, review_on, why, at, role from manual_role) m join person p on p.id = m.person_id and m.role is not null")
            .shows("email", "p.email").shows("in", "m.name").shows("role", "m.role").field("owner", "m.owner").shows("reviewOn", "m.review_on").shows("why", "m.why").shows("at", "m.at")
            .filter("due", "(m.review_on <= current_date) = ?::boolean", yes -> yes).searches("p.email", "m.name").by("m.person_id", "uuid").by("m.place", "text");

    private final JdbcTemplate jdbc;

    public TargetReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Mode, connection and counts; empty before any target was met. */
    public Optional<Map<String, Object>> head() {
        return jdbc.query("select kind, address, mode, mode_by as \"modeBy\", mode_at as \"modeAt\", mode_why as \"modeWhy\", stopped_at as \"stoppedAt\", stopped_why as \"stoppedWhy\", quarantined_at as \"quarantinedAt\", quarantine_why as \"quarantineWhy\", greatest(open_until, paused_until) as \"waitsUntil\", read_at as \"readAt\","
                + " reading is not null and reading_until > now() as reading, read_failed_at as \"readFailedAt\", read_why as \"readWhy\", compared_at as \"comparedAt\", mappings_why as \"mappingsWhy\" from target", Rows::shown).stream().findFirst().map(head -> {
                    head.put("owners", owners());
                    head.putAll(jdbc.queryForMap("select count(*) filter (where " + BELIEVED + ") as believed, count(*) filter (where not " + BELIEVED + ") as confirmed from ("
                            + "select asked_at, shown_at from target_person where owner in ('managed', 'adopted') union all select asked_at, shown_at from target_workspace where owner in ('managed', 'adopted')"
                            + " union all select asked_at, shown_at from target_member where owner in ('managed', 'adopted') union all select at, null from target_gone where owner in ('managed', 'adopted')) t"));
                    head.putAll(jdbc.queryForMap("select count(*) as waiting, count(*) filter (where leaver) as leavers from outbox"));
                    head.put("findings", counts("select kind, count(*) from target_finding where closed_at is null group by 1 order by 1"));
                    head.put("drift", drift());
                    return head;
                });
    }

    private Map<String, Object> owners() {
        Map<String, Object> owners = new LinkedHashMap<>();
        for (String what : new String[] {"person", "workspace", "member"}) {
            owners.put(what, counts("select owner, count(*) from target_" + what + " group by 1 order by 1"));
        }
        return owners;
    }

    /** Of the last comparison: people in whom nothing differs, and differences by kind that are no work under way. */
    public Map<String, Object> drift() {
        Map<String, Object> drift = new LinkedHashMap<>(jdbc.queryForMap("select coalesce((select matching from target), 0) as matching, count(*) filter (where kind = 'missing' and not pending and not adopts) as missing,"
                + " count(*) filter (where kind = 'extra' and not pending and not adopts) as extra, count(*) filter (where kind = 'different' and not pending and not adopts) as different,"
                + " count(*) filter (where kind = 'waits') as waits, count(*) filter (where pending) as pending from " + DRIFT + " d"));
        drift.put("unmanaged", jdbc.queryForObject("select (select count(*) from target_person where owner = 'unmanaged') + (select count(*) from target_workspace where owner = 'unmanaged') + (select count(*) from target_member where owner = 'unmanaged')", Long.class));
        return drift;
    }

    /** What writing would come to as things stood at the last comparison, with everybody adopted who matches. */
    public Map<String, Object> plan() {
        return new LinkedHashMap<>(jdbc.queryForMap("""
                select (select count(*) from target_person where owner in ('unmanaged', 'managed', 'adopted') and person_id is not null) as "matchedPeople",
                  (select count(*) from target_workspace where owner in ('unmanaged', 'managed', 'adopted') and workspace_id is not null and active) as "matchedWorkspaces",
                  (select count(*) from target_person where owner = 'protected') as "protectedPeople",
                  count(*) filter (where kind = 'missing') as missing, count(*) filter (where kind = 'different') as different, count(*) filter (where kind = 'extra') as extra,
                  (select count(*) from target_person where owner = 'unmanaged' and person_id is null and user_id is not null) as "unknownPeople",
                  (select count(*) from target_workspace where owner = 'unmanaged' and workspace_id is null and active) as "unknownWorkspaces",
                  (select count(*) from target_finding where kind = 'ambiguous' and closed_at is null) as ambiguous,
                  count(*) filter (where key_kind = 'workspace' and kind = 'missing') as "workspacesMade", count(*) filter (where mails) as "invitesMailed",
                  (select count(*) from target_person where user_id is not null and active or user_id is null and person_id is not null and invite_status = 'pending') + count(*) filter (where part = 'user' and kind = 'missing') - count(*) filter (where part = 'user' and kind = 'extra') as "seatsNeeded",
                  (select count(*) from target_person where user_id is not null and active) as "seatsNow",
                  coalesce(sum(joins), 0) as "keysMinted", coalesce(sum(leaves), 0) as "keysLost" from target_drift"""));
    }

    public Page lines(Query query) {
        return LINES.read(jdbc, query);
    }

    public Page people(Query query) {
        return PEOPLE.read(jdbc, query);
    }

    public Page workspaces(Query query) {
        return WORKSPACES.read(jdbc, query);
    }

    public Page members(Query query) {
        return ROWS.read(jdbc, query);
    }

    /** What Portkey maps its SCIM groups to. */
    public Page mappings(Query query) {
        return MAPPINGS.read(jdbc, query);
    }

    public Page findings(Query query) {
        return FINDINGS.read(jdbc, query);
    }

    /** What was given by hand and is kept, with whoever answers for it and when to look at it again. */
    public Page manual(Query query) {
        return MANUAL.read(jdbc, query);
    }

    /** A workspace of ours by name or id. */
    public Optional<UUID> workspace(String nameOrId) {
        return jdbc.queryForList("select id from workspace where (id::text = ? or name_folded = ?) and status = 'active'", UUID.class, nameOrId, Folded.of(nameOrId)).stream().findFirst();
    }

    /** Whether the last reading showed this mapping of Portkey's own. */
    public boolean mapped(String mapping) {
        Long found = jdbc.queryForObject("select count(*) from target_mapping where mapping_id = ?", Long.class, mapping);
        return found != null && found > 0;
    }

    /** Workspaces of the bridge's that are nowhere at Portkey, as far as it shows them, and that nobody has agreed to yet. */
    public List<String> toBeMade() {
        return jdbc.queryForList("select w.name from workspace w, target t where " + TO_BE_MADE + " and (t.made_until is null or not " + TargetState.AGREED + ") order by w.name_folded", String.class);
    }

    /** How many people and workspaces match and are nobody's. */
    public long unadopted() {
        return count("select (select count(*) from target_person where owner = 'unmanaged' and person_id is not null and user_id is not null) + (select count(*) from target_workspace where owner = 'unmanaged' and workspace_id is not null and active)");
    }

    /** Whether an operator has decided on an adoption of this Portkey. */
    public boolean adoptedBefore() {
        return count("select count(*) from target t where t.adopted_at is not null or exists (select 1 from plan p where p.source = 'portkey' and p.cause = 'adopt' and p.decided_by <> 'system' and p.status = 'rejected' and p.decided_at > coalesce(t.met_at, '-infinity'))") > 0;
    }

    private long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? 0 : count;
    }

    private Map<String, Long> counts(String sql) {
        Map<String, Long> counts = new LinkedHashMap<>();
        jdbc.query(sql, row -> {
            counts.put(row.getString(1), row.getLong(2));
        });
        return counts;
    }
}
