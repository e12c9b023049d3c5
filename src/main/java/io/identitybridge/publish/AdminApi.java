package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Portkey by its Admin API (PORTKEY section 2): people are invited, and are users once they have accepted. */
final class AdminApi implements ControlPlane {
    private final boolean membersOfAdmins;
    private final Function<Wanted.Person, Optional<Seen.Owner>> remembered;

    /** @param remembered whose somebody was whom the last reading has not shown */
    AdminApi(boolean membersOfAdmins, Function<Wanted.Person, Optional<Seen.Owner>> remembered) {
        this.membersOfAdmins = membersOfAdmins;
        this.remembered = remembered;
    }

    @Override
    public Abilities abilities() {
        return new Abilities(true, false, false, false, false, true, membersOfAdmins);
    }

    @Override
    public List<Effect> find(Calls calls, Wanted.Person wanted, Optional<Seen.Person> seen, List<Seen.Place> places) {
        String email = seen.map(Seen.Person::email).orElse(wanted.email());
        List<Effect> found = find(calls, email, seen, places);
        boolean onlyLists = seen.filter(Seen.Person::there).isEmpty(); // and one that is empty once ends nothing for who leaves
        return !wanted.active() && onlyLists && found.getFirst() instanceof Effect.PersonGone ? find(calls, email, seen, places) : found;
    }

    private static List<Effect> find(Calls calls, String email, Optional<Seen.Person> seen, List<Seen.Place> places) {
        Optional<AdminRows.User> user = AdminPeople.user(calls, email, seen.flatMap(Seen.Person::userId));
        Optional<AdminRows.Invited> invite = AdminPeople.pending(calls, email, seen.flatMap(Seen.Person::invite).map(Seen.Invite::id).filter(id -> user.isEmpty()));
        if (user.isEmpty() && invite.isEmpty()) {
            return List.of(new Effect.PersonGone(email));
        }
        List<Effect> effects = new ArrayList<>();
        Map<Long, Role> carries = seen.flatMap(Seen.Person::invite).filter(known -> invite.filter(found -> found.id().equals(known.id())).isPresent()).map(Seen.Invite::carries).orElse(Seen.Invite.UNKNOWN);
        String address = user.map(AdminRows.User::email).orElse(email);
        effects.add(new Effect.PersonIs(address, user.map(AdminRows.User::id), invite.map(found -> new Seen.Invite(found.id(), found.status(), carries)), user.map(AdminRows.User::name),
                user.map(AdminRows.User::role).or(() -> invite.map(AdminRows.Invited::role)).orElse(OrgRole.MEMBER), true, Seen.Owner.UNMANAGED, Optional.empty()));
        user.ifPresent(found -> places.forEach(place -> effects.add(AdminPeople.row(calls, address, place).<Effect>map(role -> new Effect.RowIs(address, place.id(), Optional.of(role), Seen.Owner.UNMANAGED))
                .orElseGet(() -> new Effect.RowGone(address, place.id())))));
        return effects;
    }

    @Override
    public List<Effect> carryOut(Calls calls, Wanted.Person wanted, Step step, Seen.Person now) {
        return switch (step) {
            case Step.Leave leave -> {
                calls.end(Ask.delete("/admin/users/" + encoded(leave.userId()), true), () -> AdminPeople.shown(calls, now.email(), leave.userId()));
                yield List.of(new Effect.PersonGone(now.email(), Optional.of(leave.userId())));
            }
            case Step.CancelInvite cancel -> {
                calls.end(Ask.delete("/admin/users/invites/" + encoded(cancel.invite()), true), () -> AdminPeople.pending(calls, now.email(), Optional.of(cancel.invite())).filter(invite -> invite.id().equals(cancel.invite())).isPresent());
                Effect ended = is(now, now.userId(), Optional.empty(), now.role());
                boolean elsewhere = !Folded.of(now.email()).equals(Folded.of(wanted.email()));
                yield List.of(now.userId().isPresent() || wanted.active() && !elsewhere ? ended : accepted(calls, now).orElse(wanted.active() ? ended : new Effect.PersonGone(now.email())));
            }
            case Step.Remove remove -> {
                calls.end(Ask.delete(row(remove.from(), remove.userId()), true), () -> AdminPeople.row(calls, now.email(), remove.from()).isPresent());
                yield List.of(new Effect.RowGone(now.email(), remove.from().id()));
            }
            case Step.SetRole set -> {
                required(calls.about(Ask.update("PUT", "/admin/users/" + encoded(set.userId()), body("role", set.role().toString()), false), () -> AdminPeople.shown(calls, now.email(), set.userId())), "the user");
                yield List.of(is(now, now.userId(), now.invite(), set.role()));
            }
            case Step.Come come -> invite(calls, wanted, come);
            case Step.Add add -> {
                ObjectNode body = Calls.JSON.createObjectNode();
                body.putArray("users").addObject().put("id", add.userId()).put("role", add.role().toString());
                BooleanSupplier shown = () -> AdminPeople.shown(calls, now.email(), add.userId()) && AdminWorkspaces.shown(calls, add.to().uuid().orElseThrow());
                if (calls.about(Ask.create("/admin/workspaces/" + encoded(add.to().uuid().orElseThrow()) + "/users", body.toString()), shown) instanceof Result.Exists) {
                    required(calls.about(Ask.update("PUT", row(add.to(), add.userId()), body("role", add.role().toString()), false), shown), "the membership");
                }
                yield List.of(new Effect.RowIs(now.email(), add.to().id(), Optional.of(add.role()), Seen.Owner.MANAGED));
            }
            case Step.ChangeRole change -> {
                required(calls.about(Ask.update("PUT", row(change.in(), change.userId()), body("role", change.to().toString()), false),
                        () -> AdminPeople.shown(calls, now.email(), change.userId()) && AdminPeople.row(calls, now.email(), change.in()).isPresent()), "the membership");
                yield List.of(new Effect.RowIs(now.email(), change.in().id(), Optional.of(change.to()), Seen.Owner.MANAGED));
            }
            case Step.SetProfile profile -> throw new IllegalStateException("the Admin API takes no names");
            case Step.Revive revive -> throw new IllegalStateException("the Admin API archives nobody");
        };
    }

    /** Whose invite is ended may have accepted it, or signed in, since he was last read: then he is a user, and leaves as one, or stays as one whose address is another by now. */
    private static Optional<Effect> accepted(Calls calls, Seen.Person now) {
        return AdminPeople.user(calls, now.email(), Optional.empty()).map(user -> is(now, Optional.of(user.id()), Optional.empty(), user.role()));
    }

    /** The link in the answer is a way in: it is read by nobody and kept nowhere. */
    private List<Effect> invite(Calls calls, Wanted.Person wanted, Step.Come come) {
        ObjectNode body = Calls.JSON.createObjectNode().put("email", come.email()).put("role", come.role().toString());
        ArrayNode workspaces = body.putArray("workspaces");
        Map<Long, Role> carries = new HashMap<>();
        come.places().forEach((place, role) -> {
            workspaces.addObject().put("id", place.slug().or(place::uuid).orElseThrow()).put("role", role.toString());
            carries.put(place.id(), role);
        });
        return switch (calls.about(Ask.create("/admin/users/invites", body.toString()), () -> come.places().keySet().stream().allMatch(place -> AdminWorkspaces.shown(calls, place.uuid().orElseThrow())))) {
            case Result.Ok ok when ok.body().path("id").isTextual() -> List.of(new Effect.PersonIs(come.email(), Optional.empty(), Optional.of(new Seen.Invite(ok.body().path("id").asText(), "pending", carries)),
                    Optional.empty(), come.role(), true, Seen.Owner.MANAGED, Optional.empty()));
            case Result.Ok odd -> throw odd("an invite's answer holds no id");
            case Result.Exists exists -> others(find(calls, wanted, Optional.empty(), come.places().keySet().stream().toList()), remembered.apply(wanted));
            case Result.Gone gone -> throw odd("an invite is answered as if it were not there");
        };
    }

    /** Who was there before the bridge asked is not the bridge's, unless a list that was wrong took him from it. */
    private static List<Effect> others(List<Effect> found, Optional<Seen.Owner> remembered) {
        if (found.stream().anyMatch(Effect.PersonGone.class::isInstance)) {
            throw new TargetFault(io.identitybridge.model.Cause.DEPENDENCY, "POST /admin/users/invites", "somebody with this address, or an invite, is there already, and is not shown", true, Optional.empty());
        }
        return remembered.map(owner -> found.stream().map(effect -> effect instanceof Effect.PersonIs is
                ? new Effect.PersonIs(is.email(), is.userId(), is.invite(), is.name(), is.role(), is.active(), owner, is.member()) : effect).toList()).orElse(found);
    }

    @Override
    public List<Effect> workspace(Calls calls, Wanted.Workspace wanted, Optional<Seen.Place> place, List<Seen.Place> unbound, Creates creates) {
        return AdminWorkspaces.equal(calls, wanted, place, unbound, creates);
    }

    @Override
    public void probe(Calls calls) {
        calls.read(Ask.list("/admin/users?pageSize=1&currentPage=0"));
        calls.read(Ask.list("/admin/workspaces?page_size=1&current_page=0"));
    }

    /** What must be there: where it is gone, what is known is old, and is read again. */
    private static void required(Result result, String what) {
        if (!(result instanceof Result.Ok)) {
            throw new TargetFault(io.identitybridge.model.Cause.DEPENDENCY, "PUT", what + " is not there any more", true, Optional.empty());
        }
    }

    static TargetFault odd(String message) {
        return new TargetFault(io.identitybridge.model.Cause.BUG, "POST", message, true, Optional.empty());
    }

    private static Effect is(Seen.Person now, Optional<String> userId, Optional<Seen.Invite> invite, OrgRole role) {
        return new Effect.PersonIs(now.email(), userId, invite, now.name(), role, now.active(), now.owner(), now.member());
    }

    private static String row(Seen.Place place, String userId) {
        return "/admin/workspaces/" + encoded(place.uuid().orElseThrow()) + "/users/" + encoded(userId);
    }

    private static String body(String name, String value) {
        return Calls.JSON.createObjectNode().put(name, value).toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
