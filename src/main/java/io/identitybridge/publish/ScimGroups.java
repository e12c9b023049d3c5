package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Role;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The groups by which Portkey's SCIM gives roles in workspaces: made when first needed, known again by our mark in {@code externalId}, written by one member
 * at a time, and never deleted, because Portkey would archive the workspace. A group is written down before anybody goes into it.
 */
final class ScimGroups {
    private static final String GROUPS = "/Groups";

    private final GroupNames names;
    private final PublishReads reads;
    private final Outbox outbox;

    ScimGroups(GroupNames names, PublishReads reads, Outbox outbox) {
        this.names = names;
        this.reads = reads;
        this.outbox = outbox;
    }

    /** Those of a place out of which the bridge takes people: its own, and in a workspace that is kept as made by hand, for whoever leaves, those. */
    List<Seen.Group> ours(Seen.Place place) {
        return reads.groups(List.of(place.id())).stream().filter(group -> group.owner().ours() || group.owner() == Seen.Owner.MANUAL).toList();
    }

    /** Puts him in; what is to be told where the group is not the bridge's. */
    Optional<Finding> add(Calls calls, Seen.Place place, Role role, String userId) {
        String name = names.name(place.name(), role);
        Seen.Group group = reads.groups(List.of(place.id())).stream().filter(known -> known.name().equals(name) || known.owner().ours() && known.role().equals(Optional.of(role))).min(Comparator.comparing(known -> !known.name().equals(name))).orElseGet(() -> there(calls, place, role, name));
        if (group.owner().ours() && calls.send(Ask.update("PATCH", path(group.id()), ScimPatch.member(userId), false)) instanceof Result.Gone) { // deleted by hand: he is to be in it all the same
            group = there(calls, place, role, name);
            if (group.owner().ours() && calls.send(Ask.update("PATCH", path(group.id()), ScimPatch.member(userId), false)) instanceof Result.Gone) {
                throw new TargetFault(Cause.DEPENDENCY, "PATCH", "a group, or somebody who is to be in it, is not there any more", true, Optional.empty());
            }
        }
        return group.owner().ours() ? Optional.empty() : Optional.of(new Finding("unmanaged", "group " + group.id(), "group " + name + " is at Portkey and was not made by the bridge: nobody is put in or taken out", "adopt it, or delete it there"));
    }

    /** Takes him out of a group; one that is gone, which Portkey shows neither by its id nor in its list, holds nobody. */
    void remove(Calls calls, Seen.Group group, String userId, boolean departed) {
        calls.end(Ask.update("PATCH", path(group.id()), ScimPatch.noMember(userId), departed), () -> has(calls, group, userId));
    }

    private static boolean listed(Calls calls, Seen.Group group) {
        return ScimLists.where(calls, GROUPS, "displayName", group.name(), "members").stream().anyMatch(row -> row.path("id").asText().equals(group.id()));
    }

    /** {@link TargetFault} where the group is not there by its id, and is listed. */
    boolean has(Calls calls, Seen.Group group, String userId) {
        Ask ask = new Ask("GET", path(group.id()), Optional.empty(), Failure.Call.READ, false);
        if (calls.send(ask) instanceof Result.Ok ok) {
            return members(ok.body().path("members")).anyMatch(userId::equals);
        }
        if (listed(calls, group)) {
            throw new TargetFault(Cause.TARGET_POISON, ask.kind(), ask.kind() + ": 404, as if it were not there, and Portkey's list shows it still: look at the target's address, and at a proxy between", false, Optional.empty());
        }
        return false;
    }

    static Stream<String> members(JsonNode members) {
        return StreamSupport.stream(members.spliterator(), false).map(each -> each.isTextual() ? each.asText() : each.path("value").asText(""));
    }

    /** The group of this name, looked for and, if there is none, made. */
    private Seen.Group there(Calls calls, Seen.Place place, Role role, String name) {
        Seen.Group group = found(calls, place, role, name).or(() -> made(calls, place, role, name)).or(() -> found(calls, place, role, name)).orElseThrow(() ->
                new TargetFault(Cause.AMBIGUOUS, "POST /Groups", "Portkey says that a group is there, and shows none of exactly this name: look for one that differs in case", false, Optional.empty()));
        outbox.found(List.of(new Effect.GroupIs(group.id(), name, Optional.of(place.id()), Optional.of(role), group.owner())));
        return group;
    }

    private Optional<Seen.Group> found(Calls calls, Seen.Place place, Role role, String name) {
        return ScimLists.where(calls, GROUPS, "displayName", name, "members").stream().filter(row -> row.path("displayName").asText().equals(name)).findFirst()
                .map(row -> new Seen.Group(ScimUsers.required(row, "id"), name, Optional.of(place.id()), Optional.of(role), row.path("externalId").asText("").equals(mark(place, role)) ? Seen.Owner.MANAGED : Seen.Owner.UNMANAGED));
    }

    /** Empty where somebody else was faster. */
    private Optional<Seen.Group> made(Calls calls, Seen.Place place, Role role, String name) {
        ObjectNode body = Calls.JSON.createObjectNode();
        body.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:Group");
        body.put("displayName", name).put("externalId", mark(place, role)).putArray("members");
        return calls.send(Ask.create(GROUPS, body.toString())) instanceof Result.Ok ok
                ? Optional.of(new Seen.Group(ScimUsers.required(ok.body(), "id"), name, Optional.of(place.id()), Optional.of(role), Seen.Owner.MANAGED)) : Optional.empty();
    }

    private static String mark(Seen.Place place, Role role) {
        return place.ours().orElseThrow() + " " + role;
    }

    private static String path(String id) {
        return GROUPS + "/" + AdminApi.encoded(id);
    }
}
