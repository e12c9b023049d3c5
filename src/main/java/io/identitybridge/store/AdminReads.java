package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The lists of the admin API. Reads only; letters are in {@link LetterReads}, one person's reasons in {@link Explanations}. */
@Repository
public class AdminReads {
    private static final Listing SOURCES = Listing.of("sources", """
            (select unnest(string_to_array(?, ',')) as name union select source from source_state) s
            left join source_state st on st.source = s.name
            left join lateral (select id, status, complete, pages, seen, started_at, ended_at, message, budget from run r where r.source = s.name order by started_at desc limit 1) r on true""")
            .field("name", "s.name").shows("paused", "coalesce(st.paused, false)").shows("releasedAt", "st.released_at")
            .shows("quarantinedAt", "st.quarantined_at").shows("quarantineWhy", "st.quarantine_why")
            .shows("pulledBefore", "coalesce(st.pulled_before, false)").shows("lastSuccess", "st.last_success").shows("lastComplete", "st.last_complete")
            .shows("pushReliability", Drift.RELIABILITY.replace(" s.", " st.").replace("= s.", "= st."))
            .shows("accounts", "(select count(*) from account a where a.source = s.name and a.gone_at is null)")
            .shows("openLetters", "(select count(*) from dead_letter d where d.source = s.name and d.status in ('open', 'retrying'))")
            .shows("heldLines", "(select count(*) from plan p join plan_line l on l.plan_id = p.id where p.source = s.name and p.status = 'held' and l.status = 'held')")
            .shows("lastRun", "case when r.id is not null then jsonb_build_object('id', r.id, 'status', r.status, 'complete', r.complete, 'pages', r.pages, 'seen', r.seen, 'startedAt', r.started_at, 'endedAt', r.ended_at, 'message', r.message, 'budget', r.budget) end")
            .searches("s.name").by("s.name", "text");

    private static final Listing TOKENS = Listing.of("tokens", "(select * from token where source = ? and kind <> 'access') t")
            .shows("id", "t.id").shows("source", "t.source").field("kind", "t.kind").field("label", "t.label").shows("createdAt", "t.created_at").shows("createdBy", "t.created_by")
            .shows("expiresAt", "t.expires_at").shows("revokedAt", "t.revoked_at").shows("lastUsed", "t.last_used")
            .shows("live", "(t.revoked_at is null and (t.expires_at is null or t.expires_at > now()))")
            .by("t.created_at", "timestamptz").by("t.id", "uuid").newestFirst();

    /** Of people and workspaces. */
    private static final List<String> STANDING = List.of("active", "archived");

    private static final Listing OPERATORS = Listing.of("operators", "operator o")
            .field("name", "o.name").shows("roles", "o.roles").shows("createdAt", "o.created_at").shows("createdBy", "o.created_by")
            .shows("expiresAt", "o.expires_at").shows("revokedAt", "o.revoked_at").shows("lastUsed", "o.last_used")
            .shows("live", "(o.revoked_at is null and (o.expires_at is null or o.expires_at > now()))")
            .by("o.created_at", "timestamptz").by("o.id", "uuid").newestFirst();

    private static final Listing RUNS = Listing.of("runs", "run r")
            .shows("id", "r.id").field("source", "r.source").field("status", "r.status", List.of("reading", "applying", "done", "failed", "held", "skipped")).shows("complete", "r.complete").field("actor", "r.actor").field("bridge", "r.bridge")
            .shows("setHash", "r.set_hash").shows("startedAt", "r.started_at").shows("endedAt", "r.ended_at").shows("pages", "r.pages").shows("seen", "r.seen").shows("budget", "r.budget")
            .shows("changed", "r.changed").shows("applied", "r.applied").shows("held", "r.held").shows("letters", "r.letters").shows("message", "r.message")
            .filter("id", "r.id = ?::uuid", id -> id)
            .searches("r.message").by("r.started_at", "timestamptz").by("r.id", "uuid").newestFirst();

    private static final Listing MEMBERS = Listing.of("members", "person p")
            .shows("id", "p.id").shows("email", "p.email").shows("userName", "p.user_name").shows("displayName", "p.display_name")
            .field("role", "p.org_role").field("status", "p.status", STANDING).field("owner", "p.owner").shows("createdAt", "p.created_at")
            .shows("changedAt", "p.changed_at").shows("archivedAt", "p.archived_at").shows("revokedAt", "p.revoked_at").shows("forgottenAt", "p.forgotten_at")
            .filter("revoked", "(p.revoked_at is not null) = ?::boolean", yes -> yes).filter("id", "p.id = ?::uuid", id -> id).filter("email", "p.email_folded = ?", Folded::of).filter("userName", "lower(p.user_name) = lower(?)", name -> name)
            .filter("source", "exists (select 1 from link l where l.person_id = p.id and l.source = ?)", name -> name)
            .filter("workspace", "exists (select 1 from membership m join workspace w on w.id = m.workspace_id where m.person_id = p.id and w.name_folded = ?)", Folded::of)
            .searches("p.email", "p.user_name", "p.display_name").by("p.id", "uuid");

    private static final Listing WORKSPACES = Listing.of("workspaces", "workspace w")
            .shows("id", "w.id").shows("name", "w.name").field("status", "w.status", STANDING).field("owner", "w.owner").field("source", "w.source")
            .shows("members", "(select count(*) from membership m where m.workspace_id = w.id)").shows("createdAt", "w.created_at")
            .filter("id", "w.id = ?::uuid", id -> id).filter("name", "w.name_folded = ?", Folded::of)
            .searches("w.name").by("w.name_folded", "text").by("w.id", "uuid");

    private static final Listing WORKSPACE_MEMBERS = Listing.of("workspace-members", "(select * from membership where workspace_id = ?) m join person p on p.id = m.person_id")
            .shows("id", "p.id").shows("email", "p.email").shows("userName", "p.user_name").shows("displayName", "p.display_name")
            .field("role", "m.role").field("status", "p.status", STANDING).field("owner", "m.owner").shows("since", "m.since")
            .filter("email", "p.email_folded = ?", Folded::of)
            .searches("p.email", "p.user_name", "p.display_name").by("m.person_id", "uuid");

    private static final Listing REQUESTS = Listing.of("requests", "request_log r")
            .shows("id", "r.id").shows("at", "r.at").field("source", "r.source").field("method", "r.method").shows("path", "r.path").shows("meaning", "r.meaning")
            .field("resourceId", "r.resource_id").shows("status", "r.status").shows("millis", "r.millis").shows("repairs", "r.repairs").shows("body", "r.body").field("client", "r.client")
            .filter("status", "r.status = ?::int", status -> status).filter("meaning", "starts_with(r.meaning, ?)", words -> words)
            .searches("r.path", "r.meaning").by("r.id", "uuid").newestFirst();

    private static final Listing AUDIT = Listing.of("audit", "audit a left join person p on p.id = a.person_id left join workspace w on w.id = a.workspace_id")
            .shows("id", "a.id").shows("at", "a.at").field("actor", "a.actor").field("via", "a.via").field("source", "a.source").field("origin", "a.origin")
            .shows("personId", "a.person_id").shows("person", "p.email").shows("workspaceId", "a.workspace_id").shows("workspace", "w.name")
            .field("setHash", "a.set_hash").shows("changes", "a.changes")
            .filter("personId", "a.person_id = ?::uuid", id -> id).filter("workspaceId", "a.workspace_id = ?::uuid", id -> id)
            .filter("person", "a.person_id in (select id from person where email_folded = ?)", Folded::of)
            .searches("array_to_string(a.changes, ' ')").by("a.id", "bigint").newestFirst();

    private static final Listing DRIFT = Listing.of("drift", """
            (select source, attribute, coalesce(sum(n) filter (where kind = 'missed'), 0) as missed, coalesce(sum(n) filter (where kind = 'late'), 0) as late,
               coalesce(sum(n) filter (where kind = 'contradicted'), 0) as contradicted, max(last_at) as last_at
             from drift where day > (now() at time zone 'UTC')::date - ?::int group by source, attribute) d""")
            .field("source", "d.source").field("attribute", "d.attribute").shows("missed", "d.missed::bigint").shows("late", "d.late::bigint").shows("contradicted", "d.contradicted::bigint")
            .shows("open", "(select count(*) from push_missed m where m.source = d.source and m.attribute = d.attribute)").shows("lastAt", "d.last_at")
            .by("d.source", "text").by("d.attribute", "text");

    private final JdbcTemplate jdbc;

    public AdminReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param named the sources that a file names; those that the store remembers are added */
    public Page sources(Collection<String> named, Query query) {
        return SOURCES.read(jdbc, query, String.join(",", named));
    }

    public Page tokens(String source, Query query) {
        return TOKENS.read(jdbc, query, source);
    }

    public Page operators(Query query) {
        return OPERATORS.read(jdbc, query);
    }

    public Page runs(Query query) {
        return RUNS.read(jdbc, query);
    }

    public Page members(Query query) {
        return MEMBERS.read(jdbc, query);
    }

    public Page workspaces(Query query) {
        return WORKSPACES.read(jdbc, query);
    }

    /** By id or name; empty for an unknown workspace. Each member with his grants. */
    public Optional<Page> workspaceMembers(String idOrName, Query query) {
        return jdbc.queryForList("select id from workspace where id::text = ? or name_folded = ? and status = 'active'", UUID.class, idOrName, Folded.of(idOrName))
                .stream().findFirst().map(workspace -> members(workspace, query));
    }

    private Page members(UUID workspace, Query query) {
        Page page = WORKSPACE_MEMBERS.read(jdbc, query, workspace);
        Map<String, List<Map<String, Object>>> grants = grants(workspace, page);
        page.items().forEach(member -> member.put("grants", grants.getOrDefault((String) member.get("id"), List.of())));
        return page;
    }

    /** What push should have told, in the last so many days. */
    public Page drift(int days, Query query) {
        return DRIFT.read(jdbc, query, days);
    }

    public Page requests(Query query) {
        return REQUESTS.read(jdbc, query);
    }

    public Page audit(Query query) {
        return AUDIT.read(jdbc, query);
    }

    /** The active set of files: hash, when, by whom, names with sizes or with texts, and the earlier sets that are kept. Empty before the first activation. */
    public Optional<Map<String, Object>> files(boolean contents) {
        String each = contents ? "'text', c.value" : "'characters', length(c.value)";
        return jdbc.query("select s.hash, s.activated_at as \"activatedAt\", s.activated_by as \"activatedBy\","
                + " (select jsonb_agg(jsonb_build_object('name', c.key, " + each + ") order by c.key) from jsonb_each_text(s.contents) c) as files,"
                + " coalesce((select jsonb_agg(jsonb_build_object('hash', e.hash, 'activatedAt', e.activated_at, 'activatedBy', e.activated_by) order by e.seq desc) from active_set e where e.seq < s.seq), '[]') as earlier"
                + " from active_set s order by s.seq desc limit 1", Rows::shown).stream().findFirst();
    }

    private Map<String, List<Map<String, Object>>> grants(UUID workspace, Page page) {
        String people = String.join(",", page.items().stream().map(member -> (String) member.get("id")).toList());
        Map<String, List<Map<String, Object>>> byPerson = new LinkedHashMap<>();
        jdbc.query("select g.person_id as person, " + GRANT + " from grants g where g.workspace_id = ? and g.person_id = any(string_to_array(?, ',')::uuid[])"
                + " order by g.person_id, g.source, g.reason", Rows::shown, workspace, people)
                .forEach(row -> byPerson.computeIfAbsent((String) row.remove("person"), person -> new ArrayList<>()).add(row));
        return byPerson;
    }

    /** How a grant is shown; a reason {@code group:<id>} brings the group's name. */
    static final String GRANT = "g.source, g.reason, (select d.display_name from directory_group d where g.reason = 'group:' || d.id) as \"group\", g.role, g.rule, g.at as since";
}
