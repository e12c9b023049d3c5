package io.identitybridge.publish;

import io.identitybridge.model.Folded;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Effect.Finding;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.util.List;
import java.util.Optional;

/**
 * Workspaces where Portkey's SCIM shows groups alone: nothing is called until somebody is to be in one, whose first group makes it.
 * What Portkey does with people when the name of a pattern group changes it does not say; groups of the new name would make a second workspace, without the keys
 * and settings of the first. So a workspace keeps the name there that it had, and this is told.
 */
record ScimWorkspaces(GroupNames names, Optional<String> shared, PublishReads reads) {
    List<Effect> equal(Wanted.Workspace wanted, Optional<Seen.Place> place, List<Seen.Place> unbound, Creates creates) {
        if (place.isPresent()) {
            return there(wanted, place.get());
        }
        if (shared.filter(name -> Folded.of(name).equals(Folded.of(wanted.name()))).isPresent()) {
            return List.of(new Effect.PlaceIs(Optional.empty(), Optional.empty(), wanted.name(), true, true, Seen.Owner.PROTECTED, Optional.of(wanted.id())));
        }
        if (!wanted.active() || !wanted.owned()) {
            return List.of();
        }
        if (!names.fits(wanted.name())) {
            return found(wanted, "unpublishable", "workspace " + wanted.name() + " has a name that no group can say: it holds the pattern's separator, or blanks at its ends", "give it another name, in the mapping or at the IdP");
        }
        if (reads.boundToAnother(wanted.name(), wanted.id())) {
            return found(wanted, "unpublishable", "workspace " + wanted.name() + " has the name that another of ours, which is called otherwise by now, has at Portkey", "rename the other one there and adopt it, or give this one another name");
        }
        if (!unbound.isEmpty()) {
            return found(wanted, unbound.size() == 1 ? "unmanaged" : "ambiguous", "groups of a workspace with the name " + wanted.name() + " are at Portkey, and not by the bridge", "bind it: adopt it");
        }
        if (creates == Creates.NONE) {
            return found(wanted, "missing", "workspace " + wanted.name() + " is not at Portkey, and the bridge is not to make it", "make it there with a group by the pattern and adopt it, or set create-missing-workspaces in mappings/portkey.yaml");
        }
        if (creates == Creates.AGREED && !reads.agreed(wanted.id())) {
            return found(wanted, "missing", "workspace " + wanted.name() + " would be made, but may be at Portkey, made by hand: its SCIM shows no workspace without a group of the pattern; whoever should be in it waits",
                    "look for it at Portkey: if it is not there, 'bridge target apply --make-workspaces'; if it is, make a group of the pattern there for it, read and adopt it");
        }
        return List.of(new Effect.PlaceIs(Optional.empty(), Optional.empty(), wanted.name(), false, true, Seen.Owner.MANAGED, Optional.of(wanted.id())));
    }

    private static List<Effect> there(Wanted.Workspace wanted, Seen.Place place) {
        if (!place.owner().ours() || place.shared()) {
            return place.owner() == Seen.Owner.UNMANAGED && place.active() && wanted.active() && wanted.owned() ? List.of(new Effect.Found(Finding.byHand(wanted))) : List.of();
        }
        if (!wanted.active()) {
            return found(wanted, "unpublishable", "workspace " + wanted.name() + " has ended here and stays at Portkey, with groups that hold nobody of the bridge's: it deletes none", "delete it there by hand if nobody needs it");
        }
        return place.name().equals(wanted.name()) ? List.of()
                : found(wanted, "unpublishable", "workspace " + wanted.name() + " is called " + place.name() + " at Portkey, and its SCIM cannot say the new name", "nothing breaks: its members go on in " + place.name());
    }

    private static List<Effect> found(Wanted.Workspace wanted, String kind, String sentence, String todo) {
        return List.of(new Effect.Found(new Finding(kind, wanted.id().toString(), sentence, todo)));
    }
}
