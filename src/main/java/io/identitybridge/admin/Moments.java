package io.identitybridge.admin;

import io.identitybridge.store.Age;
import io.identitybridge.store.BadQuery;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** A moment as somebody writes it: a day of UTC, which means its end, or a time with its offset. */
final class Moments {
    private Moments() {
    }

    static Instant of(String text) {
        try {
            return text.length() <= 10 ? LocalDate.parse(text).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).minusMillis(1) : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new BadQuery("'at' is a day or a time, as 2026-11-20 (its end, in UTC) or 2026-11-20T08:00:00Z");
        }
    }

    /** A time to come, or a length of time from now, as {@code 3d}. */
    static Instant later(String text) {
        Instant until = text.matches("[0-9]{1,6}[smhd]") ? Instant.now().plus(Age.of(text)) : day(text);
        if (!until.isAfter(Instant.now())) {
            throw new BadQuery("'" + text + "' is over; name a time to come");
        }
        return until;
    }

    private static Instant day(String text) {
        try {
            return of(text);
        } catch (BadQuery e) {
            throw new BadQuery("'until' is a day, a time or how long from now, as 2027-01-31 (its end, in UTC), 2027-01-31T08:00:00Z or 3d");
        }
    }
}
