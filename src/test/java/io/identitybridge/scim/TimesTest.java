package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Times as RFC 7643, 2.3.5 has them: xsd:dateTime, whole. */
class TimesTest {
    @Test
    void a_time_comes_with_or_without_a_zone_a_fraction_and_seconds() {
        for (String written : new String[] {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00", "2026-01-31T13:30:00+01:30", "2026-01-31t12:00:00.000z", "2026-01-31T12:00Z", "2026-01-31T12:00:00.000000000000Z"}) {
            assertThat(Times.of(written)).as(written).contains(Instant.parse("2026-01-31T12:00:00Z"));
        }
        assertThat(Times.of("2026-01-31T12:00:00.1234567891Z")).contains(Instant.parse("2026-01-31T12:00:00.123456789Z"));
    }

    @Test
    void midnight_may_be_the_end_of_a_day() {
        assertThat(Times.of("2026-01-31T24:00:00Z")).contains(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(Times.of("2026-12-31T24:00:00.000")).contains(Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(Times.of("2026-01-31T24:00:01Z")).isEmpty();
    }

    @Test
    void what_lies_beyond_the_years_of_the_database_is_its_first_or_last() {
        for (String early : new String[] {"0001-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "-99999999999999-01-01T00:00:00Z"}) {
            assertThat(Times.of(early)).as(early).contains(Instant.parse("0001-01-01T00:00:00Z"));
        }
        for (String late : new String[] {"9999-12-31T23:59:59-05:00", "+294277-01-01T00:00:00Z", "99999999999999-01-01T00:00:00Z"}) {
            assertThat(Times.of(late)).as(late).contains(Instant.parse("9999-12-31T23:59:59Z"));
        }
    }

    @Test
    void what_is_no_time_is_none() {
        for (String odd : new String[] {"", "2026", "2026-01-31", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-31T25:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:00+19:00", "2026-01-31 12:00:00Z", "yesterday", "-T"}) {
            assertThat(Times.of(odd)).as(odd).isEmpty();
        }
    }
}
