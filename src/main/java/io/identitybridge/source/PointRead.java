package io.identitybridge.source;

import java.util.Map;

/** What asking for one record by its id gave. */
public sealed interface PointRead {
    /** The IdP says that there is no such record. */
    record Gone() implements PointRead {
    }

    record Found(Map<String, Object> record) implements PointRead {
    }

    /** The source file names no {@code by-id}. */
    record Unknown() implements PointRead {
    }
}
