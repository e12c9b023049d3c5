package io.identitybridge.plan;

import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the facts ask for one person. */
public sealed interface Wish {
    /**
     * An active member of the organisation.
     *
     * @param grants every reason for a role, bounded by what each source may give
     * @param frozen sources whose grants stay as they are
     * @param scoped sources that no longer admit this person: what only they gave is held, never removed at once
     */
    record Member(String email, String userName, String displayName, OrgRole orgRole, Optional<String> personKey,
                  List<Grant> grants, Set<SourceName> frozen, Set<SourceName> scoped) implements Wish {
        public Member {
            grants = List.copyOf(grants);
            frozen = Set.copyOf(frozen);
            scoped = Set.copyOf(scoped);
        }
    }

    /**
     * Nobody gives this person anything any more.
     *
     * @param outOfScope why this is held and never done at once; empty for a leaver
     */
    record Leaver(Optional<String> outOfScope) implements Wish {
    }

    /** The facts say nothing that may change him. */
    record AsIs() implements Wish {
    }
}
