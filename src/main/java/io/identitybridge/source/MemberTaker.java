package io.identitybridge.source;

import java.time.Instant;
import java.util.List;

/** Takes the whole list of one group's members. */
interface MemberTaker {
    void take(String group, List<String> people, Instant askedAt);
}
