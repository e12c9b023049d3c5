package io.identitybridge.store;

import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One account, whole, as the directory holds it: what was pulled and pushed, and what the mapping made of it.
 *
 * @param userName  as SCIM shows it; the pushed spelling where there is one
 * @param user      as mapped; empty while no record of it could be read
 * @param pulled    the pulled variables, as JSON
 * @param pushed    the pushed resource, as JSON; empty also where it was gone and a pull brought it back
 * @param listedAt  when a group's list named him while he was inactive, where the organisation lets that bring him back: he is active since, until
 *                  his own record says otherwise. A later push or pull of him ends it, so the newest word holds
 * @param pushedOff whether a push disabled him, and neither a push nor a complete pull has said active since: no other reading makes him so (DESIGN section 6)
 * @param admitted  whether its mapping has let its person in, and no operator has let that go since ({@link io.identitybridge.plan.Wish#letGo})
 * @param version   0 for one not written yet
 */
public record AccountFact(UUID id, SourceName source, Optional<String> externalId, Optional<String> userName, Optional<User> user,
                          Standing standing, Standing onOutOfScope, List<Place> places, Optional<String> problem,
                          Optional<String> pulled, Optional<byte[]> pulledHash, Optional<Instant> pulledAt,
                          Optional<String> pushed, Optional<Instant> pushedAt, Optional<Instant> missingSince, Optional<UUID> missingRun,
                          Optional<Instant> goneAt, Optional<Instant> rereadAt, Optional<Instant> listedAt, boolean pushedOff, boolean admitted, long version) {

    /** An account nobody has heard of yet. */
    public static AccountFact unknown(UUID id, SourceName source, Optional<String> externalId) {
        return new AccountFact(id, source, externalId, Optional.empty(), Optional.empty(), Standing.KEPT, Standing.LEFT, List.of(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, false, 0);
    }

    /** With what the mapping made of it. A record that could not be read keeps the user as he was, and {@code now} empty his standing, too. */
    public AccountFact mapped(Optional<User> made, Optional<Standing> now, Standing onOutOfScope, List<Place> places, Optional<String> problem, Optional<String> scimName) {
        return new AccountFact(id, source, externalId.or(() -> made.flatMap(User::externalId)), scimName.or(() -> made.map(User::userName)).or(() -> userName), made.or(() -> user), now.orElse(standing), onOutOfScope,
                made.isPresent() ? places : this.places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt, missingSince, missingRun, goneAt, rereadAt, listedAt, pushedOff, admitted || now.filter(Standing::admits).isPresent(), version);
    }

    /** With who spoke last of his being active. */
    public AccountFact off(boolean byPush) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, rereadAt, listedAt, byPush, admitted, version);
    }

    /** With another record of the same moment: what was heard of it, and when, stays. */
    public AccountFact recorded(Optional<String> variables, Optional<byte[]> hash, Optional<String> resource) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, variables, hash, pulledAt, resource, pushedAt, missingSince, missingRun, goneAt, rereadAt, listedAt, pushedOff, admitted, version);
    }

    /** Joined to the IdP's own id, which its pushes never named. */
    public AccountFact anchored(String externalId) {
        return new AccountFact(id, source, Optional.of(externalId), userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, rereadAt, listedAt, pushedOff, admitted, version);
    }

    /**
     * Seen in a pull: no candidate for removal any more, and back if it was gone. What was pushed before it went is forgotten then, for its name may be
     * somebody else's since; that a push disabled it is not.
     */
    public AccountFact pulled(String variables, byte[] hash, Instant at) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, Optional.of(variables), Optional.of(hash), Optional.of(at),
                pushed.filter(resource -> goneAt.isEmpty()), pushedAt, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), pushedOff, admitted, version);
    }

    /**
     * Pushed as a whole resource. Under another id than before, no pull knows it (what was pulled of it stays, without its time) until one shows that id:
     * a list that has the old id and not the new one does not say that its person is gone.
     */
    public AccountFact pushed(String resource, Optional<String> anchor, Instant at) {
        boolean same = anchor.isEmpty() || externalId.isEmpty() || anchor.equals(externalId);
        return new AccountFact(id, source, anchor.or(() -> externalId), userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt.filter(pulled -> same),
                Optional.of(resource), Optional.of(at), Optional.empty(), Optional.empty(), Optional.empty(), rereadAt.filter(asked -> same), Optional.empty(), pushedOff, admitted, version);
    }

    /** Absent from a complete snapshot. */
    public AccountFact missing(Instant since, UUID run) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince.or(() -> Optional.of(since)), Optional.of(run), goneAt, rereadAt, listedAt, pushedOff, admitted, version);
    }

    /** Gone at the IdP: the tombstone stays. */
    public AccountFact gone(Instant at, Standing standing) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, List.of(), Optional.empty(), pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince, missingRun, Optional.of(at), Optional.empty(), Optional.empty(), pushedOff, admitted, version);
    }

    /** To be read again after the lag: a page older than the last push said something. */
    public AccountFact reread(Instant at) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, Optional.of(at), listedAt, pushedOff, admitted, version);
    }

    /** Named by a group's list, which brings him back. */
    public AccountFact listed(Instant at) {
        return new AccountFact(id, source, externalId, userName, user, standing, onOutOfScope, places, problem, pulled, pulledHash, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, rereadAt, Optional.of(at), pushedOff, admitted, version);
    }

    /** When something else than a pull of himself last spoke of him: a page older than that says nothing. */
    public Optional<Instant> spokenAt() {
        return Stream.of(pushedAt, listedAt).flatMap(Optional::stream).max(Instant::compareTo);
    }

    /** Whether its person's access is to end by it. */
    public boolean leaves() {
        return standing == Standing.LEFT;
    }

    /** Whether it rests on the same record, to the letter. */
    public boolean recordsAs(AccountFact other) {
        return pulled.equals(other.pulled) && pushed.equals(other.pushed);
    }

    /** Whether the mapping made the same of it. */
    public boolean readsAs(AccountFact other) {
        return userName.equals(other.userName) && user.equals(other.user) && standing == other.standing && onOutOfScope == other.onOutOfScope && places.equals(other.places) && problem.equals(other.problem);
    }
}
