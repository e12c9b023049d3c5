package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the facts ask for one person. */
public sealed interface Wish {
    /** The same text for the same wish, whatever the order of its parts. */
    default String fingerprint() {
        return switch (this) {
            case Member m -> String.join("|", m.email(), m.userName(), m.displayName(), m.orgRole().toString(),
                    m.grants().stream().map(grant -> grant.key() + grant.role()).sorted().toList().toString(), new java.util.TreeSet<>(m.frozen()).toString(), new java.util.TreeSet<>(m.scoped()).toString());
            case Leaver leaver -> leaver.fingerprint(leaver.how());
            case Fading fading -> "fading|" + fading.grants().stream().map(grant -> grant.key() + grant.role()).sorted().toList() + fading.ends().map(Leaver::fingerprint).orElse("");
            case AsIs ignored -> "as is";
        };
    }

    /** The fingerprints of the wishes that this one may have been before other sources came to know him, who say nothing of his leaving; its own among them. */
    default Set<String> fingerprintsBefore() {
        return this instanceof Leaver leaver ? leaver.howBefore().stream().map(leaver::fingerprint).collect(Collectors.toSet()) : Set.of(fingerprint());
    }

    /**
     * What this says that one line is about, as a fingerprint: whatever he or the workspace is called, and whoever else keeps what he had.
     *
     * @param place the workspace that the line is about, folded
     * @param role  whether a line without one is about a role in the organisation
     */
    default String about(Optional<String> place, boolean role) {
        return this instanceof Member m && (place.isPresent() || role) ? place.map(m::at).orElseGet(m.orgRole()::toString) + "|" + new java.util.TreeSet<>(m.scoped()) : fingerprint();
    }

    /** The fingerprints by which a line may have been about this place with his leaving, where nothing gives it to him now: that he is let in elsewhere since says nothing about it. */
    default Set<String> aboutLeaving(String place) {
        return this instanceof Member m && m.grants().stream().noneMatch(grant -> Folded.of(grant.workspace()).equals(place)) ? m.left() : Set.of();
    }

    /** The same as it was told before it left out names, and sources that keep. */
    default String aboutOnce(Optional<String> place, boolean role) {
        return this instanceof Member m && (place.isPresent() || role) ? String.join("|", place.map(m::named).orElseGet(m.orgRole()::toString), new java.util.TreeSet<>(m.frozen()).toString(), new java.util.TreeSet<>(m.scoped()).toString()) : fingerprint();
    }

    /**
     * Of the sources that no longer admit him, those that an operator lets go with this: nothing that they gave is left to him, or he is archived. No limit lets a line pass that waits for that.
     *
     * @param all sources that have an account of his
     */
    default Set<SourceName> letGo(PersonNow before, Split split, Set<SourceName> all) {
        return switch (this) {
            case Member member -> member.nothingLeft(before, split);
            case Leaver leaver -> split.now().stream().anyMatch(line -> line.change() instanceof Change.ArchiveUser && line.always().isPresent()) ? all : Set.of();
            case Fading fading -> Set.of();
            case AsIs ignored -> Set.of();
        };
    }

    /**
     * An active member of the organisation.
     *
     * @param grants every reason for a role, bounded by what each source may give
     * @param frozen sources whose grants stay as they are
     * @param scoped sources that no longer admit this person: what only they gave is held, never removed at once
     * @param observing sources that only observe: what they gave before stays as it is, and what they say now changes nothing
     * @param left the fingerprints of how he has left elsewhere, as {@link Wish#fingerprintsBefore} of that alone
     */
    record Member(String email, String userName, String displayName, OrgRole orgRole, Optional<String> personKey,
                  List<Grant> grants, Set<SourceName> frozen, Set<SourceName> scoped, Set<SourceName> observing, Set<String> left) implements Wish {
        public Member(String email, String userName, String displayName, OrgRole orgRole, Optional<String> personKey, List<Grant> grants, Set<SourceName> frozen, Set<SourceName> scoped) {
            this(email, userName, displayName, orgRole, personKey, grants, frozen, scoped, Set.of(), Set.of());
        }

        public Member {
            grants = List.copyOf(grants);
            frozen = Set.copyOf(frozen);
            scoped = Set.copyOf(scoped);
            observing = Set.copyOf(observing);
            left = Set.copyOf(left);
        }

        private String at(String folded) {
            return grants.stream().filter(grant -> Folded.of(grant.workspace()).equals(folded)).map(grant -> grant.source() + " " + grant.reason() + " " + grant.role()).sorted().toList().toString();
        }

        private String named(String folded) {
            return folded + grants.stream().filter(grant -> Folded.of(grant.workspace()).equals(folded)).map(grant -> grant.key() + grant.role()).sorted().toList();
        }

        private Set<SourceName> nothingLeft(PersonNow before, Split split) {
            Set<SourceName> gone = split.now().stream().filter(line -> line.always().isPresent()).flatMap(line -> line.change().place().stream()).map(Folded::of)
                    .flatMap(place -> Optional.ofNullable(before.memberships().get(place)).stream()).flatMap(held -> held.grants().stream()).map(Grant::source).filter(scoped::contains).collect(Collectors.toSet());
            before.memberships().forEach((place, held) -> split.grants().getOrDefault(place, held.grants()).forEach(grant -> gone.remove(grant.source())));
            return gone;
        }

        /** The same wish under another address. */
        public Member called(String address) {
            return new Member(address, userName, displayName, orgRole, personKey, grants, frozen, scoped, observing, left);
        }
    }

    /**
     * Nobody gives this person anything any more.
     *
     * @param outOfScope why this is held and never done at once; empty for a leaver
     * @param how        what became of each of his accounts: whoever is deleted after he was disabled leaves anew
     * @param unplaced   sources with an account of his that would still let him in if it gave him any place
     * @param howBefore  the same without some of the accounts that have never let him in: each may have been joined to him since he left
     */
    record Leaver(Optional<String> outOfScope, String how, Set<SourceName> unplaced, Set<String> howBefore) implements Wish {
        public Leaver {
            unplaced = Set.copyOf(unplaced);
            howBefore = Set.copyOf(howBefore);
        }

        public Leaver(Optional<String> outOfScope, String how) {
            this(outOfScope, how, Set.of(), Set.of(how));
        }

        private String fingerprint(String ways) {
            return "leaver|" + outOfScope.orElse("") + "|" + ways;
        }

        /** Whether he stays if he keeps this: a source that gave it would let him in with it. */
        public boolean keptBy(Stream<Grant> place) {
            return place.map(Grant::source).anyMatch(unplaced::contains);
        }
    }

    /**
     * He may not be brought in as his accounts now say, so nothing new comes to him; what he has keeps only the reasons that still hold.
     *
     * @param grants    every reason that his accounts still give
     * @param observing as of a member
     * @param ends      how he has left wherever somebody has a say: that he is still there where it is only observed keeps in nobody who has nothing of that
     */
    record Fading(List<Grant> grants, Set<SourceName> observing, Optional<Leaver> ends) implements Wish {
        public Fading {
            grants = List.copyOf(grants);
            observing = Set.copyOf(observing);
        }

        /** What is wished for somebody who has this. */
        Wish of(Stream<Grant> has) {
            return ends.isPresent() && has.map(Grant::source).noneMatch(observing::contains) ? ends.get() : this;
        }
    }

    /** The facts say nothing that may change him. */
    record AsIs() implements Wish {
    }
}
