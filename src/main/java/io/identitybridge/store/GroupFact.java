package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One group, whole, as the directory holds it; fields as in {@link AccountFact}.
 *
 * @param ends     gone, and workspaces that nothing else gives end with it (the mapping's {@code group-missing: archive-workspace})
 * @param unlinked workspaces, folded, that a rule no longer in the mapping gave: whoever has them from this group keeps them ({@code on-mapping-delete: keep})
 * @param lingers  gone, and what it gave stays all the same (the mapping's {@code group-missing: keep})
 */
public record GroupFact(UUID id, SourceName source, Optional<String> externalId, Optional<String> displayName, boolean kept, List<Place> places, Optional<String> movedFrom,
                        Optional<String> problem, Optional<String> pulled, Optional<byte[]> pulledHash, Optional<byte[]> pulledMembers, Optional<Instant> pulledAt,
                        Optional<String> pushed, Optional<Instant> pushedAt, Optional<Instant> missingSince, Optional<UUID> missingRun, Optional<Instant> goneAt, boolean lingers, boolean ends, List<String> unlinked, long version) {

    /** A group nobody has heard of yet. */
    public static GroupFact unknown(UUID id, SourceName source, Optional<String> externalId) {
        return new GroupFact(id, source, externalId, Optional.empty(), false, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, false, List.of(), 0);
    }

    /** With what the mapping made of it; a move from one workspace to another is remembered until it is done. */
    public GroupFact mapped(Optional<String> anchor, Optional<String> name, boolean kept, List<Place> places, Optional<String> problem, Optional<String> scimName) {
        List<Place> after = problem.isPresent() ? this.places : places;
        boolean moves = this.places.size() == 1 && after.size() == 1 && !key(this.places).equals(key(after));
        return new GroupFact(id, source, externalId.or(() -> anchor), scimName.or(() -> name).or(() -> displayName), problem.isPresent() ? this.kept : kept, after, moves ? movedFrom.or(() -> Optional.of(key(this.places))) : movedFrom, problem,
                pulled, pulledHash, pulledMembers, pulledAt, pushed, pushedAt, missingSince, missingRun, goneAt, lingers, ends, unlinked.stream().filter(folded -> !workspaces(after).contains(folded)).toList(), version);
    }

    private static String key(List<Place> places) {
        return Folded.of(places.getFirst().workspace());
    }

    private static Set<String> workspaces(List<Place> places) {
        return places.stream().map(Place::workspace).map(Folded::of).collect(Collectors.toSet());
    }

    /** With what it gave before and gives no more unlinked: an edited mapping took it away, and no word of the IdP. */
    public GroupFact unlinkedFrom(GroupFact before) {
        Set<String> gone = new TreeSet<>(before.gives() ? workspaces(before.places) : Set.of());
        gone.addAll(unlinked);
        gone.removeAll(workspaces(places));
        return new GroupFact(id, source, externalId, displayName, kept, places, movedFrom, problem, pulled, pulledHash, pulledMembers, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, lingers, ends, List.copyOf(gone), version);
    }

    /** With another record of the same moment: what was heard of it, and when, stays. */
    public GroupFact recorded(Optional<String> variables, Optional<byte[]> hash, Optional<String> resource) {
        return new GroupFact(id, source, externalId, displayName, kept, places, movedFrom, problem, variables, hash, pulledMembers, pulledAt, resource, pushedAt, missingSince, missingRun, goneAt, lingers, ends, unlinked, version);
    }

    /** Joined to the IdP's own id, which its pushes never named. */
    public GroupFact anchored(String externalId) {
        return new GroupFact(id, source, Optional.of(externalId), displayName, kept, places, movedFrom, problem, pulled, pulledHash, pulledMembers, pulledAt, pushed, pushedAt,
                missingSince, missingRun, goneAt, lingers, ends, unlinked, version);
    }

    public GroupFact pulled(String variables, byte[] hash, Optional<byte[]> members, Instant at) {
        return new GroupFact(id, source, externalId, displayName, kept, places, movedFrom, problem, Optional.of(variables), Optional.of(hash), members.or(() -> pulledMembers), Optional.of(at),
                pushed, pushedAt, Optional.empty(), Optional.empty(), Optional.empty(), false, false, unlinked, version);
    }

    /** Shown by a page that its push has overtaken: pulls know it since, and that is all that counts of the page; the next one tells of it. */
    public GroupFact shown(Instant askedAt) {
        Instant before = pushedAt.orElseThrow().minusMillis(1);
        return new GroupFact(id, source, externalId, displayName, kept, places, movedFrom, problem, pulled, pulledHash, pulledMembers, Optional.of(askedAt.isBefore(before) ? askedAt : before),
                pushed, pushedAt, missingSince, missingRun, goneAt, lingers, ends, unlinked, version);
    }

    public GroupFact pushed(String resource, Optional<String> anchor, Instant at) {
        return new GroupFact(id, source, anchor.or(() -> externalId), displayName, kept, places, movedFrom, problem, pulled, pulledHash, pulledMembers, pulledAt,
                Optional.of(resource), Optional.of(at), Optional.empty(), Optional.empty(), Optional.empty(), false, false, unlinked, version);
    }

    public GroupFact missing(Instant since, UUID run) {
        return new GroupFact(id, source, externalId, displayName, kept, places, movedFrom, problem, pulled, pulledHash, pulledMembers, pulledAt, pushed, pushedAt,
                missingSince.or(() -> Optional.of(since)), Optional.of(run), goneAt, lingers, ends, unlinked, version);
    }

    /** Gone at the IdP: the tombstone stays, with {@code lingers} what it gave, and with {@code ends} the word that its workspaces go with it. */
    public GroupFact gone(Instant at, boolean lingers, boolean ends) {
        return new GroupFact(id, source, externalId, displayName, kept, places, Optional.empty(), problem, pulled, pulledHash, pulledMembers, pulledAt, pushed, pushedAt,
                missingSince, missingRun, Optional.of(at), lingers, ends, unlinked, version);
    }

    /** Whether its members' wishes may differ after this state. */
    public boolean givesOtherThan(GroupFact before) {
        return gives() != before.gives() || !places.equals(before.places);
    }

    private boolean gives() {
        return kept && (goneAt.isEmpty() || lingers);
    }

    /** Whether it rests on the same record, to the letter. */
    public boolean recordsAs(GroupFact other) {
        return pulled.equals(other.pulled) && pushed.equals(other.pushed);
    }

    /** Whether the mapping made the same of it. */
    public boolean readsAs(GroupFact other) {
        return displayName.equals(other.displayName) && kept == other.kept && lingers == other.lingers && places.equals(other.places) && problem.equals(other.problem);
    }
}
