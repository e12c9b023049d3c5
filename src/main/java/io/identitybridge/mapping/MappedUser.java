package io.identitybridge.mapping;

import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.util.List;
import java.util.Optional;

/**
 * What a mapping makes of one account.
 *
 * @param user         the account in SCIM's terms; empty when the record could not be read as one
 * @param standing     {@code LEFT} even when the user is empty, if the record says so: a bad name never holds a leaver back. Empty when the record is faulty otherwise: it stays what it was
 * @param disabled     whether his own record, or a push that still holds, says that he is inactive; empty when that cannot be read
 * @param onOutOfScope what {@code IN_IF_PLACED} becomes without a place: {@code LEFT} or {@code KEPT}
 * @param places       what attribute rules give; groups give theirs apart
 */
public record MappedUser(Optional<User> user, Optional<Standing> standing, Optional<Boolean> disabled, Standing onOutOfScope, List<Place> places, List<Problem> problems) {
    public MappedUser {
        places = List.copyOf(places);
        problems = List.copyOf(problems);
    }
}
