package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class TallyFoldTest {
    final JdbcTemplate sql = new JdbcTemplate(TestDatabase.fresh());

    @BeforeEach
    void a_thousand_changes_of_two_classes_within_ten_minutes() {
        sql.update("insert into tally (source, class, at, n) select 'okta', case when n % 2 = 0 then 'create' else 'archive' end, now() - n * interval '0.6 seconds' - interval '1 minute', 1 from generate_series(1, 1000) n");
    }

    @Test
    void a_minute_s_changes_become_one_row_and_none_is_lost_or_ends_early() {
        String ends = sql.queryForObject("select max(at)::text from tally where class = 'archive'", String.class);
        TallyFold.fold(new Sql(sql));
        TallyFold.fold(new Sql(sql));
        assertThat(count("select count(*) from tally")).isLessThanOrEqualTo(2 * 11);
        assertThat(count("select sum(n) from tally where class = 'create'")).isEqualTo(500);
        assertThat(count("select sum(n) from tally where class = 'archive'")).isEqualTo(500);
        assertThat(sql.queryForObject("select max(at) >= ?::timestamptz from tally where class = 'archive'", Boolean.class, ends)).isTrue();
    }

    @Test
    void what_comes_later_in_a_folded_minute_is_folded_into_it() {
        TallyFold.fold(new Sql(sql));
        long rows = count("select count(*) from tally");
        sql.update("insert into tally (source, class, at, n) select 'okta', 'create', max(at) - interval '30 seconds', 7 from tally where class = 'create'");
        TallyFold.fold(new Sql(sql));
        assertThat(count("select count(*) from tally")).isEqualTo(rows);
        assertThat(count("select sum(n) from tally where class = 'create'")).isEqualTo(507);
    }

    private long count(String query) {
        return sql.queryForObject(query, Long.class);
    }
}
