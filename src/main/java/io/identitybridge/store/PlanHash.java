package io.identitybridge.store;

import org.springframework.jdbc.core.JdbcTemplate;

/** What a plan holds at this moment, as one hash: an approval names it, so that nobody approves lines he was not shown. */
public final class PlanHash {
    private PlanHash() {
    }

    /** SHA-256, as hex, over number and sentence of the lines that are held, in their order; the same for a plan without any. */
    public static String of(JdbcTemplate jdbc, long plan) {
        return jdbc.queryForObject("select encode(sha256(convert_to(coalesce(string_agg(n || ' ' || sentence, chr(10) order by n), ''), 'UTF8')), 'hex')"
                + " from plan_line where plan_id = ? and status = 'held'", String.class, plan);
    }
}
