package io.identitybridge.model;

import java.util.List;
import java.util.Optional;

/** What an operator can say about the live Portkey that the bridge publishes to. Each call is audited with actor and reason; what makes no sense is {@link Controls.Refused}. */
public interface TargetControls {
    /** Reads all of it now; says how that ended, or that it goes on still. */
    String read(String actor);

    /** Makes a held plan of everybody and everything there that matches and is nobody's yet; gives its number, or nothing where all that matches is adopted. */
    Optional<Long> adopt(String reason, String actor);

    /**
     * Everything that waits is written there from now on.
     *
     * @param makes whether somebody has seen to it that the workspaces which would be made are not there: by SCIM one without a group of the pattern is not shown, and without this word it is refused
     */
    void apply(String reason, boolean makes, String actor);

    /** Nothing is written there any more. */
    void observe(String reason, String actor);

    /** Everybody is sent again, and not only leavers, although too much failed: what failed until now does not count any more. */
    void resume(String reason, String actor);

    /** Says which workspace there one of ours is, by its slug or id there; it is adopted with the next plan. */
    List<String> bind(String workspace, String slug, String reason, String actor);

    /** Lets another invite go out to somebody whose last one was cancelled by hand, or expired twice. */
    List<String> invite(String person, String reason, String actor);

    /** The API keys that Portkey holds now for somebody who has left; none where it holds none. Refused where they cannot be listed. */
    List<Key> keys(String person);

    /** Ends keys of somebody who has left: these, or all of his where none is named; gives what was done, in sentences. */
    List<String> revoke(String person, List<String> keys, String reason, String actor);

    /** Ends one of Portkey's own mappings of SCIM groups to workspaces; its people stay. */
    List<String> unmap(String mapping, String reason, String actor);

    /** An API key, without anything of its secret. @param workspace as Portkey names it */
    record Key(String id, String name, String workspace, String createdAt) {
    }

    /** How the connection stands. */
    State state();

    /**
     * @param kind    {@code portkey-admin-api}, {@code portkey-scim} or {@code store}
     * @param address where it is, without a secret
     * @param missing settings without a value; then nothing is read or written
     */
    record State(String kind, Optional<String> address, List<String> missing) {
        public State {
            missing = List.copyOf(missing);
        }
    }
}
