package io.identitybridge.scim;

import io.identitybridge.store.Match;
import java.util.List;

/** A filter as written (RFC 7644, 3.4.2.2), not yet held against a schema. Values are String, Boolean, Long, BigDecimal or {@link #NULL}. */
sealed interface Filter {
    Object NULL = new Object();

    record And(List<Filter> of) implements Filter {
    }

    record Or(List<Filter> of) implements Filter {
    }

    record Not(Filter of) implements Filter {
    }

    record Compare(AttributePath path, Match.Op op, Object value) implements Filter {
    }

    record Present(AttributePath path) implements Filter {
    }

    /** Some element of a list is so: {@code emails[type eq "work"]}. */
    record Some(AttributePath list, Filter inside) implements Filter {
    }
}
