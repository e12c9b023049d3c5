package io.identitybridge.mapping;

import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What a mapping makes of one group.
 *
 * @param externalId  its id at the IdP, where it was pushed and an expression gives one; else what the client or the source file says holds
 * @param displayName its name; empty when the record could not be read
 * @param kept        false: the mapping's {@code keep} leaves it out, and it gives nothing
 * @param places      the workspaces and roles it gives its members
 */
public record MappedGroup(Optional<String> externalId, Optional<String> displayName, boolean kept, List<Place> places, List<Problem> problems) {
    public MappedGroup {
        places = List.copyOf(places);
        problems = List.copyOf(problems);
    }
}
