package io.identitybridge.scim;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times in filters: xsd:dateTime (RFC 7643, 2.3.5; XML Schema 1.1 part 2, 3.3.7). */
final class Times {
    /** Nothing in the store is from before or after; what a filter says beyond them compares the same, and PostgreSQL could not read it. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Pattern FORM = Pattern.compile("([+-]?)(\\d{4,})-(\\d\\d)-(\\d\\d)[Tt](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d+))?)?([Zz]|[+-]\\d\\d:\\d\\d)?");
    private static final int NANOS = 9;
    private static final int LONGEST_YEAR = 6;

    private Times() {
    }

    /** The time, in UTC where it names no zone, kept within the years 1 to 9999; its fraction to the nanosecond. Empty where it is none. */
    static Optional<Instant> of(String written) {
        Matcher parts = FORM.matcher(written);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.of(year(parts.group(1), parts.group(2)), number(parts.group(3)), number(parts.group(4)));
            boolean midnight = number(parts.group(5)) == 24;
            LocalTime time = LocalTime.of(midnight ? 0 : number(parts.group(5)), number(parts.group(6)), number(parts.group(7)), nanos(parts.group(8)));
            if (midnight && !time.equals(LocalTime.MIDNIGHT)) {
                return Optional.empty();
            }
            Instant at = date.plusDays(midnight ? 1 : 0).atTime(time).toInstant(zone(parts.group(9)));
            return Optional.of(at.isBefore(FIRST) ? FIRST : at.isAfter(LAST) ? LAST : at);
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    private static int year(String sign, String digits) {
        int year = digits.length() > LONGEST_YEAR ? 999_999 : Integer.parseInt(digits);
        return sign.equals("-") ? -year : year;
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "0".repeat(NANOS)).substring(0, NANOS));
    }

    private static ZoneOffset zone(String written) {
        return written == null ? ZoneOffset.UTC : ZoneOffset.of(written.toUpperCase(java.util.Locale.ROOT));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
