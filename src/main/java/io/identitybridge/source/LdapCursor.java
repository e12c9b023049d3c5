package io.identitybridge.source;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.util.StaticUtils;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Where the changes of one list begin that a run has not seen. */
sealed interface LdapCursor {
    String text();

    /** Which entries have changed since. */
    Filter since();

    /** Whether it is still good for this server. */
    boolean fits(LdapRoot root);

    /** By Active Directory's update sequence number: good for one domain controller, as long as that is not restored. */
    record Usn(String invocation, long number) implements LdapCursor {
        @Override
        public String text() {
            return "usn " + invocation + " " + number;
        }

        @Override
        public Filter since() {
            return Filter.createGreaterOrEqualFilter("uSNChanged", String.valueOf(number + 1));
        }

        @Override
        public boolean fits(LdapRoot root) {
            return root.invocation().equals(Optional.of(invocation)) && root.highest() >= number;
        }
    }

    /** By the time that the server wrote into the entry, to the second; {@code lag} before it is looked at again, for what another server's clock wrote. */
    record Time(Instant at, Duration lag) implements LdapCursor {
        @Override
        public String text() {
            return "time " + at;
        }

        @Override
        public Filter since() {
            return Filter.createGreaterOrEqualFilter("modifyTimestamp", StaticUtils.encodeGeneralizedTime(Date.from(at.minus(lag))).replaceAll("\\.\\d+Z$", "Z"));
        }

        @Override
        public boolean fits(LdapRoot root) {
            return true;
        }
    }

    /** What an earlier run kept; empty where it cannot be read. */
    static Optional<LdapCursor> of(String kept, Duration lag) {
        String[] parts = kept.split(" ");
        try {
            return switch (parts[0]) {
                case "usn" -> Optional.of(new Usn(parts[1], Long.parseLong(parts[2])));
                case "time" -> Optional.of(new Time(Instant.parse(parts[1]), lag));
                default -> Optional.empty();
            };
        } catch (RuntimeException unreadable) {
            // Of another version, or spoilt: as good as none, and everything is read.
            return Optional.empty();
        }
    }

    /** A generalized time (RFC 4517 section 3.3.13); empty for anything else. */
    static Optional<Instant> time(String text) {
        try {
            return Optional.of(StaticUtils.decodeGeneralizedTime(text).toInstant());
        } catch (ParseException noTime) {
            return Optional.empty();
        }
    }
}
