package io.identitybridge.publish;

import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.Seen;
import io.identitybridge.store.TargetStage.Guarded;
import io.identitybridge.store.Wanted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What makes Portkey equal for one person: his wanted state minus what is known to be there. Pure.
 *
 * @param steps    in the order they are to be done
 * @param findings what cannot be said to this target, or is not the bridge's
 * @param waits    what must be there first: {@code for workspace Sales}
 * @param soon     whether that is about to be made
 */
public record PersonSteps(List<Step> steps, List<Finding> findings, List<String> waits, boolean soon) {
    static final String FOR_WORKSPACE = "for workspace ";

    public PersonSteps {
        steps = steps.stream().sorted(Comparator.comparing(Step::phase)).toList();
        findings = List.copyOf(findings);
        waits = List.copyOf(waits);
    }

    /**
     * @param guarded   of whom nothing is written, and in which workspaces nothing but that somebody leaves the organisation
     * @param lastOwner whether no other owner of the organisation is known at Portkey than he
     */
    public static PersonSteps of(Wanted.Person wanted, Optional<Seen.Person> known, Abilities can, Guarded guarded, boolean lastOwner) {
        Optional<Seen.Person> seen = known.filter(Seen.Person::there);
        if (!wanted.owned() || isGuarded(wanted, seen, guarded.people())) {
            return nothing();
        }
        if (wanted.active() && wanted.taken() != Wanted.Taken.NO && seen.flatMap(Seen.Person::userId).isEmpty()) { // never his keys: who had the address before has to go first
            Making making = new Making(wanted, can, guarded.workspaces());
            seen.filter(person -> person.owner().ours()).ifPresent(making::cancelElsewhere);
            making.addressTaken();
            return making.done();
        }
        if (seen.isEmpty() && wanted.active() && known.flatMap(Seen.Person::invite).filter(invite -> invite.status().equals(Seen.Invite.HELD)).isPresent()) {
            return found(new Finding("invite", wanted.id().toString(), "his invite was cancelled at Portkey by hand, or expired twice: no other is sent", "ask why; then 'bridge target invite' sends another"));
        }
        if (seen.isEmpty()) {
            return wanted.active() ? new Making(wanted, can, guarded.workspaces()).come() : nothing();
        }
        if (seen.get().owner() == Seen.Owner.PROTECTED && seen.get().role() == OrgRole.OWNER) {
            return wanted.active() && wanted.role() == OrgRole.OWNER ? nothing() : found(new Finding("unpublishable", wanted.id() + " owner", wanted.active() ? "an owner of the organisation is to be " + wanted.role() + "; owners are never touched"
                    : "a leaver is owner of the organisation at Portkey; owners are never touched, and he keeps his access there", "make somebody else owner there if need be, and change or remove him by hand"));
        }
        if (!seen.get().owner().ours()) {
            return !wanted.active() && !seen.get().active() ? nothing() : found(new Finding("unmanaged", wanted.id().toString(), wanted.active() ? "somebody with the address of a member is at Portkey, and not by the bridge: nothing of his is written"
                    : "somebody with the address of a leaver is at Portkey, and not by the bridge: he keeps his access there", "adopt him, or see to him at Portkey"));
        }
        if (lastOwner && (!wanted.active() || wanted.role() != OrgRole.OWNER)) {
            return new PersonSteps(List.of(), List.of(new Finding("unpublishable", wanted.id() + " owner", wanted.active() ? "the last owner of the organisation is to be " + wanted.role() + ": nothing of his is written"
                    : "a leaver is the last owner of the organisation: he keeps his access", "make somebody else owner: it goes on by itself then")), List.of("for another owner"), false);
        }
        return new Making(wanted, can, guarded.workspaces()).equal(seen.get());
    }

    /** Whether one of his addresses, here or there, is a protected one. */
    static boolean isGuarded(Wanted.Person wanted, Optional<Seen.Person> seen, Set<String> guarded) {
        return guarded.contains(Folded.of(wanted.email())) || seen.filter(person -> guarded.contains(Folded.of(person.email()))).isPresent();
    }

    /** Whether this step is about a workspace that is protected, by its name here or there. */
    static boolean isGuarded(Step step, Wanted.Person wanted, Set<String> workspaces) {
        return switch (step) {
            case Step.Add add -> isGuarded(add.to(), wanted, workspaces);
            case Step.ChangeRole change -> isGuarded(change.in(), wanted, workspaces);
            case Step.Remove remove -> wanted.active() && isGuarded(remove.from(), wanted, workspaces); // a leaver is taken out of all
            case Step.Come s -> false;
            case Step.CancelInvite s -> false;
            case Step.Leave s -> false;
            case Step.Revive s -> false;
            case Step.SetRole s -> false;
            case Step.SetProfile s -> false;
        };
    }

    private static boolean isGuarded(Seen.Place place, Wanted.Person wanted, Set<String> workspaces) {
        return workspaces.contains(Folded.of(place.name()))
                || wanted.memberships().stream().anyMatch(held -> held.place().filter(there -> there.id() == place.id()).isPresent() && workspaces.contains(Folded.of(held.name())));
    }

    private static PersonSteps nothing() {
        return new PersonSteps(List.of(), List.of(), List.of(), false);
    }

    private static PersonSteps found(Finding finding) {
        return new PersonSteps(List.of(), List.of(finding), List.of(), false);
    }

    /** One person's steps in the making. */
    private static final class Making {
        private final Wanted.Person wanted;
        private final Abilities can;
        private final Set<String> guarded;
        private final List<Step> steps = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private final List<String> waits = new ArrayList<>();
        private boolean soon;

        Making(Wanted.Person wanted, Abilities can, Set<String> guarded) {
            this.wanted = wanted;
            this.can = can;
            this.guarded = guarded;
        }

        PersonSteps come() {
            Map<Seen.Place, Role> places = places();
            if (!can.invites() || !soon) { // an invite cannot be changed, and carries all of them (PORTKEY rule 22)
                steps.add(new Step.Come(wanted.email(), wanted.userName(), wanted.displayName(), role(), can.invites() ? places : Map.of()));
            }
            return done();
        }

        PersonSteps equal(Seen.Person seen) {
            if (!wanted.active()) {
                leave(seen);
            } else if (seen.userId().isPresent()) {
                user(seen, seen.userId().get());
            } else if (!cancelElsewhere(seen)) {
                invited(seen.role(), seen.invite().orElseThrow());
            }
            return done();
        }

        private void leave(Seen.Person seen) {
            seen.invite().filter(Seen.Invite::pending).ifPresent(invite -> steps.add(new Step.CancelInvite(invite.id())));
            if (seen.role() == OrgRole.OWNER && !can.owners()) {
                unpublishable("leaver", "a leaver is owner of the organisation at Portkey, whom the Admin API does not let go", "make somebody else owner there, and remove him by hand");
            } else {
                seen.userId().filter(id -> seen.active()).ifPresent(id -> steps.add(new Step.Leave(id)));
                if (can.archives()) { // rows of somebody archived stay rows: they are taken, so that a revival does not bring them back
                    seen.userId().ifPresent(id -> seen.rows().stream().filter(row -> (row.owner().ours() || row.owner() == Seen.Owner.MANUAL) && !row.place().shared()).forEach(row -> steps.add(new Step.Remove(id, row.place()))));
                }
            }
        }

        /** Whoever can read what comes to an address that is not his any more could come in by it. Where it is cancelled, he is invited anew; gives whether it was to be. */
        private boolean cancelElsewhere(Seen.Person seen) {
            boolean elsewhere = !Folded.of(seen.email()).equals(Folded.of(wanted.email()));
            if (elsewhere) {
                seen.invite().filter(Seen.Invite::pending).ifPresent(invite -> steps.add(new Step.CancelInvite(invite.id())));
            }
            return elsewhere;
        }

        private void invited(OrgRole as, Seen.Invite invite) {
            Map<Seen.Place, Role> places = places();
            wanted.memberships().stream().filter(held -> guarded.contains(Folded.of(held.name()))).flatMap(held -> held.place().stream()).filter(place -> invite.carries().containsKey(place.id()))
                    .forEach(place -> places.put(place, invite.carries().get(place.id()))); // what is protected stays as it was said
            Map<Long, Role> carries = places.entrySet().stream().collect(Collectors.toMap(entry -> entry.getKey().id(), Map.Entry::getValue));
            if (!soon && (!carries.equals(invite.carries()) || as != role())) { // an invite cannot be changed
                steps.add(new Step.CancelInvite(invite.id()));
                steps.add(new Step.Come(wanted.email(), wanted.userName(), wanted.displayName(), role(), places));
            }
        }

        private void user(Seen.Person seen, String id) {
            seen.invite().filter(Seen.Invite::pending).ifPresent(invite -> steps.add(new Step.CancelInvite(invite.id())));
            if (!seen.active()) {
                steps.add(new Step.Revive(id));
            }
            role(seen, id);
            profile(seen, id);
            rows(seen, id);
        }

        private void role(Seen.Person seen, String id) {
            if (seen.role() == OrgRole.OWNER && wanted.role() != OrgRole.OWNER && !can.owners()) {
                unpublishable("role", "an owner of the organisation is to be " + wanted.role() + ", which the Admin API cannot say", "change his role at Portkey by hand");
            } else if (seen.role() != role()) {
                steps.add(new Step.SetRole(id, role()));
            }
        }

        private void profile(Seen.Person seen, String id) {
            boolean renamed = !Folded.of(seen.email()).equals(Folded.of(wanted.email()));
            boolean named = seen.userName().filter(name -> can.profiles() && !name.equals(wanted.userName())).isPresent() || seen.name().filter(name -> !name.equals(wanted.displayName())).isPresent();
            if (renamed && wanted.taken() != Wanted.Taken.NO) {
                addressTaken();
            } else if (can.profiles() && (renamed || named)) {
                steps.add(new Step.SetProfile(id, wanted.email(), wanted.userName(), wanted.displayName()));
            } else if (renamed) {
                unpublishable("email", "somebody has another address now, which the Admin API cannot say", "nothing breaks: he is known by his id; his next sign-in by the new address may make a second user at Portkey, so change it there by hand");
            } else if (named) {
                findings.add(new Finding("unpublishable", "names", "names differ, and the Admin API takes none", "nothing breaks; the target portkey-scim writes names"));
            }
        }

        /** It is waited for, and told where waiting alone ends nothing. */
        private void addressTaken() {
            waits.add("for his address, which is somebody else's at Portkey still");
            if (wanted.taken() == Wanted.Taken.CROSSED) {
                unpublishable("address", "two people have each other's address at Portkey, and neither can be given his own first", "give one of the two some other address there by hand, then 'bridge target read': the rest goes on by itself");
            } else if (wanted.taken() == Wanted.Taken.BY_RENAMED && !can.profiles()) {
                unpublishable("address", "somebody's address is at Portkey that of another member, whose new one the Admin API cannot say", "give that member his new address there by hand, then 'bridge target read': the rest goes on by itself");
            }
        }

        private void rows(Seen.Person seen, String id) {
            Map<Long, Seen.Row> there = new HashMap<>();
            seen.rows().forEach(row -> there.put(row.place().id(), row));
            Map<Seen.Place, Role> places = places();
            Set<Long> all = places.keySet().stream().map(Seen.Place::id).collect(Collectors.toSet());
            seen.rows().stream().filter(row -> !all.contains(row.place().id())).filter(row -> row.owner().ours() && !row.place().shared() && !isGuarded(row.place(), wanted, guarded)).forEach(row -> steps.add(new Step.Remove(id, row.place())));
            withoutAdmins(places).forEach((place, role) -> {
                Optional<Role> now = Optional.ofNullable(there.get(place.id())).flatMap(Seen.Row::role);
                if (there.containsKey(place.id()) && now.isEmpty() && !there.get(place.id()).owner().ours()) {
                    return; // in several groups of it by hand: the reading tells
                }
                if (now.isEmpty()) {
                    steps.add(new Step.Add(id, place, role));
                } else if (now.get() != role && there.get(place.id()).owner().ours()) {
                    steps.add(new Step.ChangeRole(id, place, now.get(), role));
                } else if (now.get() != role) {
                    findings.add(new Finding("unmanaged", wanted.id() + " " + place.id(), "a membership in " + place.name() + " was made by hand as " + now.get() + " and should be " + role, "adopt it, or change it at Portkey"));
                }
            });
        }

        private Map<Seen.Place, Role> withoutAdmins(Map<Seen.Place, Role> places) {
            return wanted.role() == OrgRole.MEMBER || can.membersOfAdmins() ? places : Map.of();
        }

        /** His workspaces that are there; the shared one and protected ones are nobody's business. */
        private Map<Seen.Place, Role> places() {
            Map<Seen.Place, Role> places = new TreeMap<>(Comparator.comparing(Seen.Place::id));
            for (Wanted.Membership membership : wanted.memberships()) {
                if (guarded.contains(Folded.of(membership.name())) || membership.place().filter(place -> isGuarded(place, wanted, guarded)).isPresent()) {
                    continue;
                }
                membership.place().filter(Seen.Place::active).filter(place -> place.owner().ours()).ifPresentOrElse(place -> {
                    if (!place.shared()) {
                        places.put(place, membership.role());
                    }
                }, () -> wait(membership));
            }
            return places;
        }

        private void wait(Wanted.Membership membership) {
            soon = soon || membership.place().isEmpty() && membership.soon();
            if (membership.place().filter(place -> place.shared() || place.owner() == Seen.Owner.PROTECTED || place.owner() == Seen.Owner.MANUAL).isEmpty() && !waits.contains(FOR_WORKSPACE + membership.name())) {
                waits.add(FOR_WORKSPACE + membership.name());
            }
        }

        /** The nearest that can be said: never more than wanted. */
        private OrgRole role() {
            if (wanted.role() == OrgRole.OWNER && !can.owners()) {
                unpublishable("role", "somebody is to be owner of the organisation, which the Admin API cannot say; he is admin there", "make him owner at Portkey by hand");
                return OrgRole.ADMIN;
            }
            return wanted.role();
        }

        private void unpublishable(String what, String sentence, String todo) {
            Finding finding = new Finding("unpublishable", wanted.id() + " " + what, sentence, todo);
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
        }

        private PersonSteps done() {
            return new PersonSteps(steps, findings, waits, soon);
        }
    }
}
