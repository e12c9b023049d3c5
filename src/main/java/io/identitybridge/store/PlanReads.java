package io.identitybridge.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What waits for a person, and what was decided. */
@Repository
public class PlanReads {
    private static final Listing PLANS = Listing.of("plans", "plan p")
            .shows("id", "p.id").field("source", "p.source").field("cause", "p.cause").field("status", "p.status", List.of("held", "approved", "rejected", "closed", "expired")).shows("reasons", "p.reasons")
            .shows("lines", "(select count(*) from plan_line l where l.plan_id = p.id)")
            .shows("held", "(select count(*) from plan_line l where l.plan_id = p.id and l.status = 'held')")
            .shows("createdAt", "p.created_at").shows("expiresAt", "p.expires_at").shows("decidedAt", "p.decided_at").shows("decidedBy", "p.decided_by")
            .shows("decision", "p.decision").shows("setHash", "p.set_hash")
            .filter("id", "p.id = ?::bigint", id -> id)
            .searches("array_to_string(p.reasons, ' ')").by("p.id", "bigint").newestFirst();

    private static final Listing LINES = Listing.of("plan-lines", "(select * from plan_line where plan_id = ?) l")
            .shows("n", "l.n").field("class", "l.class").shows("sentence", "l.sentence").shows("reason", "l.reason").field("status", "l.status", List.of("held", "approved", "applied", "rejected", "stale")).shows("at", "l.at").shows("firstBy", "l.first_by").shows("undoneBy", "l.undone_by").shows("undoneAt", "l.undone_at")
            .shows("personId", "l.person_id").field("workspace", "l.workspace")
            .searches("l.sentence", "l.reason").by("l.n", "int");

    private final JdbcTemplate jdbc;

    public PlanReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public Page plans(Query query) {
        return PLANS.read(jdbc, query);
    }

    /** One plan with the hash of what it holds now, see {@link Plans#HASH}; empty for an unknown one. */
    public Optional<Map<String, Object>> plan(long id) {
        Optional<Map<String, Object>> found = plans(new Query(1, Optional.empty(), Optional.empty(), Map.of("id", String.valueOf(id)))).items().stream().findFirst();
        found.ifPresent(plan -> plan.put("hash", jdbc.queryForObject("select " + Plans.HASH + " from plan p where p.id = ?", String.class, id)));
        return found;
    }

    public Page lines(long plan, Query query) {
        return LINES.read(jdbc, query, plan);
    }
}
