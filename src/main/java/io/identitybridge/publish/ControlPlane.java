package io.identitybridge.publish;

import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.util.List;
import java.util.Optional;

/** A Portkey as one of its interfaces shows it. Each call gives what is known then; {@link TargetFault} where it failed. */
public interface ControlPlane {
    Abilities abilities();

    /** Asks for one person afresh, by his address and by what is known of him, with his rows in these places. */
    List<Effect> find(Calls calls, Wanted.Person wanted, Optional<Seen.Person> seen, List<Seen.Place> places);

    /** Does one step for somebody whose user and rows are the bridge's; {@code now}: what is known of him, nothing but his address while he is only about to come. */
    List<Effect> carryOut(Calls calls, Wanted.Person wanted, Step step, Seen.Person now);

    /** Makes one workspace equal: made, renamed, or told why not. {@code unbound}: workspaces of exactly this name that are none of ours. */
    List<Effect> workspace(Calls calls, Wanted.Workspace wanted, Optional<Seen.Place> place, List<Seen.Place> unbound, Creates creates);

    /** The smallest call that tells whether it lets the bridge in. */
    void probe(Calls calls);
}
