package io.identitybridge.publish;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.util.List;
import java.util.Optional;

/** Somebody as he will be once he is adopted: what he was given by hand is kept, and what the mapping gives more is added. Pure. */
final class Adopted {
    private Adopted() {
    }

    static Wanted.Person wanted(Wanted.Person wanted, Seen.Person seen) {
        OrgRole role = seen.role() == OrgRole.OWNER || seen.role().compareTo(wanted.role()) < 0 ? wanted.role() : seen.role();
        List<Wanted.Membership> memberships = wanted.memberships().stream().map(membership -> membership(membership, seen)).toList();
        return new Wanted.Person(wanted.id(), wanted.email(), wanted.userName(), wanted.displayName(), role, wanted.active(), wanted.owned(), wanted.freed(), wanted.taken(), memberships);
    }

    static Seen.Person seen(Seen.Person seen, Wanted.Person wanted) {
        List<Seen.Row> rows = seen.rows().stream().map(row -> new Seen.Row(place(row.place()), row.role(), given(row, wanted) ? Seen.Owner.ADOPTED : row.owner())).toList();
        return new Seen.Person(seen.email(), seen.userId(), seen.invite(), seen.name(), seen.role(), seen.active(), Seen.Owner.ADOPTED, seen.member(), rows, seen.askedAt(), seen.userName());
    }

    private static boolean given(Seen.Row row, Wanted.Person wanted) {
        return row.owner() == Seen.Owner.UNMANAGED && wanted.memberships().stream().anyMatch(membership -> membership.place().filter(place -> place.id() == row.place().id()).isPresent());
    }

    private static Wanted.Membership membership(Wanted.Membership wanted, Seen.Person seen) {
        Optional<Role> there = wanted.place().flatMap(place -> seen.rows().stream().filter(row -> row.place().id() == place.id()).findFirst()).flatMap(Seen.Row::role);
        Role role = there.filter(has -> has.compareTo(wanted.role()) > 0).orElse(wanted.role());
        return new Wanted.Membership(wanted.workspace(), wanted.name(), role, wanted.place().map(Adopted::place), wanted.soon());
    }

    private static Seen.Place place(Seen.Place place) {
        boolean adopts = place.owner() == Seen.Owner.UNMANAGED && place.ours().isPresent();
        return adopts ? new Seen.Place(place.id(), place.uuid(), place.name(), place.shared(), place.active(), Seen.Owner.ADOPTED, place.ours(), place.slug()) : place;
    }
}
