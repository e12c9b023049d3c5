package io.identitybridge.model;

import java.util.List;
import java.util.UUID;

/**
 * One account as the wishes see it: normalized, mapped, with the places its groups give.
 *
 * @param standing what it asks for the person
 * @param onOutOfScope what becomes of an {@code IN_IF_PLACED} account without a place: {@code LEFT} or {@code KEPT}
 * @param gone     the IdP has deleted it: what was decided about him before says nothing of that
 * @param admitted its source has let the person in, and nobody has let that go since: out of scope, it holds back whoever leaves elsewhere
 * @param grants   every workspace and role its groups and rules give
 */
public record Account(UUID id, SourceName source, User user, Standing standing, Standing onOutOfScope, boolean gone, boolean admitted, List<Grant> grants) {
    public Account {
        grants = List.copyOf(grants);
    }

    /** One that was admitted. */
    public Account(UUID id, SourceName source, User user, Standing standing, Standing onOutOfScope, boolean gone, List<Grant> grants) {
        this(id, source, user, standing, onOutOfScope, gone, true, grants);
    }

    /** The same account, asking for something else. */
    public Account standing(Standing other) {
        return new Account(id, source, user, other, onOutOfScope, gone, admitted, grants);
    }
}
