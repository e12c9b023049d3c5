package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import io.identitybridge.store.TargetOwners;
import io.identitybridge.store.Wanted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Portkey by its own SCIM endpoint (PORTKEY section 1): people at once, roles and names too, and memberships as groups by the organisation's pattern. */
final class PortkeyScim implements ControlPlane {
    private final boolean membersOfAdmins;
    private final ScimGroups groups;
    private final ScimWorkspaces workspaces;
    private final PublishReads reads;
    private final TargetOwners owners;

    PortkeyScim(Organisation organisation, PublishReads reads, Outbox outbox, TargetOwners owners) {
        GroupNames names = new GroupNames(organisation.pattern());
        this.membersOfAdmins = organisation.publishing().membersOfAdmins();
        this.groups = new ScimGroups(names, reads, outbox);
        this.workspaces = new ScimWorkspaces(names, organisation.defaultWorkspace(), reads);
        this.reads = reads;
        this.owners = owners;
    }

    @Override
    public Abilities abilities() {
        return new Abilities(false, true, true, true, true, false, membersOfAdmins);
    }

    @Override
    public List<Effect> find(Calls calls, Wanted.Person wanted, Optional<Seen.Person> seen, List<Seen.Place> places) {
        Optional<String> id = seen.flatMap(Seen.Person::userId);
        Optional<ScimUsers.User> found = id.flatMap(known -> ScimUsers.byId(calls, known)).or(() -> ScimUsers.byAddress(calls, wanted))
                .filter(user -> user.active() || user.bears(wanted) || id.isPresent()); // an archived stranger: to be made is to be revived
        if (found.isEmpty()) {
            return List.of(new Effect.PersonGone(seen.map(Seen.Person::email).orElse(wanted.email())));
        }
        List<Effect> effects = new ArrayList<>(List.of(is(found.get(), wanted)));
        places.forEach(place -> effects.add(row(calls, found.get(), place, wanted.active())));
        return effects;
    }

    private static Effect is(ScimUsers.User user, Wanted.Person wanted) {
        return user.is(user.bears(wanted) ? Seen.Owner.MANAGED : Seen.Owner.UNMANAGED);
    }

    /** His role by the groups that list him: in several of them, or where he has left and nobody is to wait for an answer, it is in doubt. */
    private Effect row(Calls calls, ScimUsers.User user, Seen.Place place, boolean asks) {
        Set<Role> roles = asks ? reads.groups(List.of(place.id())).stream().filter(group -> groups.has(calls, group, user.id())).map(group -> group.role().orElseThrow()).collect(Collectors.toSet()) : Set.of(Role.values());
        return roles.isEmpty() ? new Effect.RowGone(user.email(), place.id()) : new Effect.RowIs(user.email(), place.id(), roles.stream().filter(role -> roles.size() == 1).findFirst(), Seen.Owner.UNMANAGED);
    }

    @Override
    public List<Effect> carryOut(Calls calls, Wanted.Person wanted, Step step, Seen.Person now) {
        return switch (step) {
            case Step.Come come -> come(calls, wanted, come);
            case Step.Leave leave -> {
                ownerRemains(calls, now, leave.userId());
                yield ScimUsers.archive(calls, wanted, leave.userId()) instanceof Result.Ok ? List.of(is(now, now.role(), false)) : List.of(new Effect.PersonGone(now.email()));
            }
            case Step.Revive revive -> { // with his role of today, not the one he left with
                required(ScimUsers.patch(calls, revive.userId(), new ScimPatch().replace("roles", ScimUsers.roles(wanted.role())).replace("active", true)));
                yield List.of(is(now, wanted.role(), true));
            }
            case Step.SetRole set when now.role() == set.role() -> List.of();
            case Step.SetRole set -> {
                ownerRemains(calls, now, set.userId());
                required(ScimUsers.patch(calls, set.userId(), new ScimPatch().replace("roles", ScimUsers.roles(set.role()))));
                yield List.of(is(now, set.role(), now.active()));
            }
            case Step.SetProfile profile -> {
                required(ScimUsers.profile(calls, profile));
                yield List.of(new Effect.PersonIs(profile.email(), now.userId(), Optional.empty(), Optional.of(profile.name()), now.role(), now.active(), now.owner(), now.member(), Optional.of(profile.userName())));
            }
            case Step.Remove remove -> {
                out(calls, now, remove.from(), remove.userId(), Optional.empty(), !wanted.active());
                yield List.of(new Effect.RowGone(now.email(), remove.from().id()));
            }
            case Step.Add add -> add(calls, now, add);
            case Step.ChangeRole change -> change(calls, now, change);
            case Step.CancelInvite cancel -> throw new IllegalStateException("Portkey's SCIM invites nobody");
        };
    }

    private List<Effect> come(Calls calls, Wanted.Person wanted, Step.Come come) {
        if (ScimUsers.create(calls, wanted, come) instanceof Result.Ok ok) {
            return List.of(new Effect.PersonIs(come.email(), Optional.of(ScimUsers.required(ok.body(), "id")), Optional.empty(), Optional.of(come.name()), come.role(), true, Seen.Owner.MANAGED, Optional.empty(), Optional.of(come.userName())));
        }
        return List.of(is(ScimUsers.byAddress(calls, wanted).orElseThrow(() ->
                new TargetFault(Cause.AMBIGUOUS, "POST /Users", "Portkey says that somebody of this address or user name is there, and shows nobody", false, Optional.empty())), wanted));
    }

    private List<Effect> add(Calls calls, Seen.Person now, Step.Add add) {
        if (now.rows().stream().anyMatch(row -> row.place().id() == add.to().id())) { // a row, and no role: he may be in any of its groups
            out(calls, now, add.to(), add.userId(), Optional.of(add.role()), false);
        }
        return groups.add(calls, add.to(), add.role(), add.userId()).<List<Effect>>map(finding -> List.of(new Effect.Found(finding)))
                .orElseGet(() -> List.of(new Effect.RowIs(now.email(), add.to().id(), Optional.of(add.role()), Seen.Owner.MANAGED)));
    }

    /**
     * To another role is two writes, and Portkey leaves undefined what somebody in two groups of a workspace is. To less: out first, then in, so that he never is more than
     * he should be; a turn that ends between leaves him out, and the next one brings him in. To more: in first, so that he does not lose the workspace, and his keys for it,
     * on the way; then out of the old group, and in once more, because leaving any group may be leaving the workspace: the last word is what he should be.
     */
    private List<Effect> change(Calls calls, Seen.Person now, Step.ChangeRole change) {
        if (change.to().compareTo(change.from()) < 0) {
            out(calls, now, change.in(), change.userId(), Optional.of(change.to()), false);
            return List.of(new Effect.RowGone(now.email(), change.in().id()));
        }
        return groups.add(calls, change.in(), change.to(), change.userId()).<List<Effect>>map(finding -> List.of(new Effect.Found(finding)))
                .orElseGet(() -> List.of(new Effect.RowIs(now.email(), change.in().id(), Optional.empty(), Seen.Owner.MANAGED)));
    }

    /** Out of the group of his role or, where that is in doubt, of all but the one he goes to; the highest first. */
    private void out(Calls calls, Seen.Person now, Seen.Place place, String userId, Optional<Role> stays, boolean departed) {
        Optional<Role> role = now.rows().stream().filter(row -> row.place().id() == place.id()).findFirst().flatMap(Seen.Row::role);
        groups.ours(place).stream().filter(group -> role.map(only -> group.role().equals(Optional.of(only))).orElse(!group.role().equals(stays)))
                .sorted(Comparator.comparing((Seen.Group group) -> group.role().orElseThrow()).reversed()).forEach(group -> groups.remove(calls, group, userId, departed));
    }

    /** An owner goes only if another one is there and stays: asked of Portkey now, and promised among the bridges. */
    private void ownerRemains(Calls calls, Seen.Person now, String userId) {
        if (now.role() == OrgRole.OWNER && now.active() && !(reads.otherOwners(userId).stream().anyMatch(other -> ScimUsers.byId(calls, other).filter(user -> user.active() && user.role() == OrgRole.OWNER).isPresent()) && owners.letsGo(userId))) {
            throw new TargetFault(Cause.DEPENDENCY, "PATCH /Users/*", "he is the last owner of the organisation: make somebody else owner first", false, Optional.empty());
        }
    }

    @Override
    public List<Effect> workspace(Calls calls, Wanted.Workspace wanted, Optional<Seen.Place> place, List<Seen.Place> unbound, Creates creates) {
        return workspaces.equal(wanted, place, unbound, creates);
    }

    @Override
    public void probe(Calls calls) {
        calls.read(Ask.list("/Users?startIndex=1&count=1"));
        calls.read(Ask.list("/Groups?startIndex=1&count=1&excludedAttributes=members"));
    }

    private static void required(Result result) {
        if (!(result instanceof Result.Ok)) {
            throw new TargetFault(Cause.DEPENDENCY, "PATCH", "the user is not there any more", true, Optional.empty());
        }
    }

    private static Effect is(Seen.Person now, OrgRole role, boolean active) {
        return new Effect.PersonIs(now.email(), now.userId(), now.invite(), now.name(), role, active, now.owner(), now.member(), now.userName());
    }
}
