package io.identitybridge.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.util.List;
import java.util.Optional;

/**
 * Workspaces by the Admin API: made and renamed where they are the bridge's, never deleted, never the shared one. One that was made is known by its description,
 * which names ours: an answer that was lost, or that no bridge lived to hear, leaves it neither made twice nor somebody else's.
 */
final class AdminWorkspaces {
    private static final String MADE = "Made by the identity bridge, which keeps its members (%s)";

    private static final int SIZE = WholeList.SIZE;
    private static final int MOST_PAGES = 50_000;

    private AdminWorkspaces() {
    }

    /** Whether the list of workspaces shows it; {@link TargetFault} where that cannot be read. */
    static boolean shown(Calls calls, String uuid) {
        for (int page = 0; page < MOST_PAGES; page++) {
            List<AdminRows.Workspace> shown = AdminRows.workspaces(calls.read(Ask.list("/admin/workspaces?status=active&page_size=" + SIZE + "&current_page=" + page)));
            if (shown.stream().anyMatch(workspace -> workspace.uuid().equals(uuid))) {
                return true;
            }
            if (shown.size() < SIZE) {
                return false;
            }
        }
        return true;
    }

    static List<Effect> equal(Calls calls, Wanted.Workspace wanted, Optional<Seen.Place> place, List<Seen.Place> unbound, Creates creates) {
        String subject = wanted.id().toString();
        if (place.filter(known -> known.owner() != Seen.Owner.UNMANAGED).isPresent()) {
            return there(calls, wanted, place.get());
        }
        if (!wanted.active() || !wanted.owned()) {
            return List.of();
        }
        // A reading may have shown it since, as nobody's.
        Optional<Effect.PlaceIs> made = made(calls, wanted).filter(found -> place.isEmpty() || place.get().uuid().equals(found.uuid()));
        if (made.isPresent() || place.isPresent()) {
            return made.<List<Effect>>map(List::of).orElseGet(() -> place.filter(Seen.Place::active).map(known -> found(Finding.byHand(wanted))).orElseGet(List::of));
        }
        if (!unbound.isEmpty()) {
            return found(new Finding(unbound.size() == 1 ? "unmanaged" : "ambiguous", subject, unbound.size() + " workspaces at Portkey have the name of workspace " + wanted.name() + ", and none is the bridge's", "bind one: adopt it"));
        }
        if (creates == Creates.NONE) {
            return found(new Finding("missing", subject, "workspace " + wanted.name() + " is not at Portkey, and the bridge is not to make it", "make it there by hand and adopt it, or set create-missing-workspaces in mappings/portkey.yaml"));
        }
        ObjectNode body = Calls.JSON.createObjectNode().put("name", wanted.name()).put("description", MADE.formatted(wanted.id()));
        return switch (calls.send(Ask.create("/admin/workspaces", body.toString()))) {
            case Result.Ok ok when ok.body().path("id").isTextual() -> List.of(is(wanted, ok.body().path("id").asText(), Optional.ofNullable(ok.body().path("slug").textValue())));
            case Result.Ok odd -> throw AdminApi.odd("a new workspace's answer holds no id");
            case Result.Exists exists -> made(calls, wanted).<List<Effect>>map(List::of).orElseGet(() -> found(new Finding("unmanaged", subject, "a workspace of the name " + wanted.name() + " is at Portkey and was not made by the bridge", "read the target again, and bind it: adopt it")));
            case Result.Gone gone -> throw AdminApi.odd("a new workspace is answered as if it were not there");
        };
    }

    /** The workspace that was made for this one of ours, though nobody wrote it down. Two that say so are a copy somebody made by hand, and which one it is nobody can tell: none. */
    private static Optional<Effect.PlaceIs> made(Calls calls, Wanted.Workspace wanted) {
        String path = "/admin/workspaces?status=active&page_size=100&current_page=0&exact_name=" + AdminApi.encoded(wanted.name());
        List<AdminRows.Workspace> found = AdminRows.workspaces(calls.read(Ask.list(path))).stream().filter(one -> !one.shared() && one.description().equals(MADE.formatted(wanted.id()))).toList();
        return found.size() == 1 ? Optional.of(is(wanted, found.getFirst().uuid(), found.getFirst().slug())) : Optional.empty();
    }

    private static Effect.PlaceIs is(Wanted.Workspace wanted, String uuid, Optional<String> slug) {
        return new Effect.PlaceIs(Optional.of(uuid), slug, wanted.name(), false, true, Seen.Owner.MANAGED, Optional.of(wanted.id()));
    }

    private static List<Effect> there(Calls calls, Wanted.Workspace wanted, Seen.Place place) {
        if (!place.owner().ours() || place.shared()) {
            return List.of();
        }
        if (!wanted.active()) {
            return found(new Finding("unpublishable", wanted.id().toString(), "workspace " + wanted.name() + " has ended here and stays at Portkey, where deleting is for good", "delete it there by hand if nobody needs it"));
        }
        if (place.name().equals(wanted.name())) {
            return List.of();
        }
        String uuid = place.uuid().orElseThrow();
        Ask rename = Ask.update("PUT", "/admin/workspaces/" + AdminApi.encoded(uuid), Calls.JSON.createObjectNode().put("name", wanted.name()).toString(), false);
        Result result = calls.believed(rename, calls.about(rename, () -> shown(calls, uuid)), () -> shown(calls, uuid));
        if (result instanceof Result.Gone) {
            return found(new Finding("lost", wanted.id().toString(), "workspace " + wanted.name() + " was deleted at Portkey by hand", "make it again there and adopt it, or take the groups out that give it"));
        }
        return List.of(new Effect.PlaceIs(place.uuid(), Optional.empty(), wanted.name(), false, true, place.owner(), Optional.of(wanted.id())));
    }

    private static List<Effect> found(Finding finding) {
        return List.of(new Effect.Found(finding));
    }
}
