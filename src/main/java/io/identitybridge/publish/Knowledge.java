package io.identitybridge.publish;

import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is known of one person at Portkey while his key is worked on: as it was stored, and what each call has taught since. */
final class Knowledge {
    private final Wanted.Person wanted;
    private final Optional<Seen.Person> before;
    private final boolean marks;
    private final Map<Long, Seen.Place> places = new LinkedHashMap<>();
    private final Map<Long, Seen.Row> rows = new TreeMap<>();
    private final Map<Long, Effect> changed = new TreeMap<>();
    private final List<Effect> others = new ArrayList<>();
    private final Set<Long> intended = new HashSet<>();
    private Optional<Effect.PersonIs> person;
    private boolean gone;
    private Optional<String> goneUser = Optional.empty();
    private boolean told;
    private boolean lost;
    private boolean unmade;

    /** @param marks whether what is found tells itself that the bridge made it ({@link Abilities#marks}); else what it was about to make counts as that */
    Knowledge(Wanted.Person wanted, Optional<Seen.Person> before, boolean marks) {
        this.wanted = wanted;
        this.marks = marks;
        this.before = before;
        wanted.memberships().forEach(membership -> membership.place().ifPresent(place -> places.put(place.id(), place)));
        before.ifPresent(known -> known.rows().forEach(row -> {
            places.put(row.place().id(), row.place());
            rows.put(row.place().id(), row);
        }));
        this.person = before.map(known -> new Effect.PersonIs(known.email(), known.userId(), known.invite(), known.name(), known.role(), known.active(), known.owner(), known.member(), known.userName()));
    }

    List<Seen.Place> places() {
        return List.copyOf(places.values());
    }

    Optional<Seen.Person> seen() {
        return person.map(is -> new Seen.Person(is.email(), is.userId(), is.invite(), is.name(), is.role(), is.active(), is.owner(), is.member(), List.copyOf(rows.values()), Instant.EPOCH, is.userName()));
    }

    /** Takes in what a call taught. Whose a person or a row is was decided before: what is read says nothing of that. */
    void learn(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.PersonIs is -> {
                    gone = false;
                    lost = false;
                    told = true;
                    person = Optional.of(new Effect.PersonIs(is.email(), is.userId(), is.invite(), is.name(), is.role(), is.active(), owner(is), owned(is) ? Optional.of(wanted.id()) : decided(is).flatMap(Effect.PersonIs::member),
                        is.userName().or(() -> person.flatMap(Effect.PersonIs::userName))));
                }
                case Effect.PersonGone left -> {
                    gone = true;
                    lost = true;
                    told = true;
                    goneUser = left.userId().or(() -> goneUser);
                    person = person.map(is -> new Effect.PersonIs(is.email(), Optional.empty(), Optional.empty(), is.name(), OrgRole.MEMBER, false, is.owner(), is.member()));
                    rows.clear();
                    changed.clear();
                }
                case Effect.RowIs is -> {
                    Seen.Owner owner = Optional.ofNullable(rows.get(is.place())).map(Seen.Row::owner).orElse(is.owner());
                    rows.put(is.place(), new Seen.Row(places.get(is.place()), is.role(), owner));
                    changed.put(is.place(), new Effect.RowIs(address(), is.place(), is.role(), owner));
                }
                case Effect.RowGone left -> {
                    rows.remove(left.place());
                    changed.put(left.place(), new Effect.RowGone(address(), left.place()));
                }
                case Effect.PlaceIs is -> others.add(is);
                case Effect.GroupIs is -> others.add(is);
                case Effect.Found found -> others.add(found);
                case Effect.Unmade none -> others.add(none);
            }
        }
    }

    /** He was not made: who was there before, and was found gone, is remembered as one who went; of anybody else nothing is left that could pass for the bridge's. */
    private List<Effect> unmade() {
        if (lost && before.filter(was -> was.userId().isPresent() || was.invite().isPresent()).isPresent()) {
            return List.of(new Effect.Unmade(address(), Optional.empty()), new Effect.PersonGone(before.get().email(), goneUser));
        }
        List<Effect> all = new ArrayList<>();
        person.filter(is -> told).ifPresent(all::add);
        all.add(new Effect.Unmade(address(), Optional.empty()));
        return all;
    }

    /** A row as of the address that he has in the end. */
    private Effect addressed(Effect effect) {
        return switch (effect) {
            case Effect.RowIs is -> new Effect.RowIs(address(), is.place(), is.role(), is.owner());
            case Effect.RowGone gone -> new Effect.RowGone(address(), gone.place());
            default -> effect;
        };
    }

    /** What was about to be given was refused, and has had no effect: what stands there by hand later is nobody's. */
    void refused(Step step) {
        unmade |= step instanceof Step.Come;
        if (step instanceof Step.Add add && intended.remove(add.to().id())) {
            rows.remove(add.to().id());
            changed.remove(add.to().id());
            others.add(new Effect.Unmade(address(), Optional.of(add.to().id())));
        }
    }

    /** What was written down as about to be given, and is not tried in this turn: what stands there by hand before the next one is nobody's. */
    void untried(Step step) {
        unmade |= step instanceof Step.Come;
        if (step instanceof Step.Add add && !rows.containsKey(add.to().id())) {
            others.add(new Effect.Unmade(address(), Optional.of(add.to().id())));
        }
    }

    /** A call is about to go out that may have its effect though its answer is lost. */
    void begins(Step step) {
        gone &= !(step instanceof Step.Come);
        unmade &= !(step instanceof Step.Come);
        if (step instanceof Step.Come come && person.filter(is -> !same(is.email(), come.email())).isPresent()) {
            person = Optional.empty(); // he was invited under another address: whoever is there under this one is not known yet
        }
        if (step instanceof Step.Add add && !rows.containsKey(add.to().id())) {
            intended.add(add.to().id());
        }
        if (step instanceof Step.Add add) { // found absent a moment ago, perhaps: it is not any more
            learn(List.of(new Effect.RowIs(address(), add.to().id(), Optional.empty(), Seen.Owner.MANAGED)));
        }
    }

    /** The final state, one fact each. */
    List<Effect> effects() {
        List<Effect> all = new ArrayList<>(others);
        if (unmade && person.filter(is -> is.userId().isPresent() || is.invite().isPresent()).isEmpty()) {
            all.addAll(unmade());
        } else if (gone && before.isPresent()) {
            all.add(new Effect.PersonGone(before.get().email(), goneUser));
        } else if (!gone && person.isPresent()) {
            if (told) { // else nothing is known of him that was not before
                all.add(person.get());
            }
            changed.values().forEach(row -> all.add(addressed(row)));
        }
        return all;
    }

    /** What he is about to become, written down before the first call that gives something. */
    static List<Effect> intents(Wanted.Person wanted, Optional<Seen.Person> seen, List<Step> steps) {
        List<Effect> intents = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case Step.Come come -> {
                    if (seen.filter(known -> same(known.email(), wanted.email())).isEmpty()) {
                        intents.add(new Effect.PersonIs(wanted.email(), Optional.empty(), Optional.empty(), Optional.empty(), come.role(), true, Seen.Owner.MANAGED, Optional.of(wanted.id())));
                    }
                }
                case Step.Add add -> intents.add(new Effect.RowIs(seen.map(Seen.Person::email).orElse(wanted.email()), add.to().id(), Optional.<Role>empty(), Seen.Owner.MANAGED));
                case Step.Leave s -> { }
                case Step.CancelInvite s -> { }
                case Step.Remove s -> { }
                case Step.SetRole s -> { }
                case Step.SetProfile s -> { }
                case Step.Revive s -> { }
                case Step.ChangeRole s -> { }
            }
        }
        return intents;
    }

    private Seen.Owner owner(Effect.PersonIs is) {
        return decided(is).map(Effect.PersonIs::owner).orElse(is.owner());
    }

    /**
     * Who he was known as, by that id or address; where what the bridge makes is marked, that is a user of this id, and neither who was only about to be made nor one whose address
     * somebody else has now.
     */
    private Optional<Effect.PersonIs> decided(Effect.PersonIs now) {
        return person.filter(is -> is.userId().isPresent() && is.userId().equals(now.userId()) || !marks && same(is.email(), now.email()));
    }

    private static boolean same(String one, String other) {
        return Folded.of(one).equals(Folded.of(other));
    }

    private boolean owned(Effect.PersonIs is) {
        return owner(is).ours();
    }

    private String address() {
        return person.map(Effect.PersonIs::email).orElse(wanted.email());
    }
}
