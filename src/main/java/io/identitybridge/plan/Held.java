package io.identitybridge.plan;

import io.identitybridge.model.ChangeClass;
import java.util.Map;

/**
 * What a source holds and has already changed, as the guard needs it.
 *
 * @param people      people that accounts of this source stand for, before this plan
 * @param memberships workspace memberships that this source gives, before this plan
 * @param spent       changes of each class in the last 24 hours
 * @param sizes       members of each workspace that somebody would leave, by folded name
 * @param left        members who left each of those in the last 24 hours, by folded name
 */
public record Held(long people, long memberships, Map<ChangeClass, Long> spent, Map<String, Long> sizes, Map<String, Long> left) {
    public Held {
        spent = Map.copyOf(spent);
        sizes = Map.copyOf(sizes);
        left = Map.copyOf(left);
    }

    /** Nothing held and nothing spent. */
    public static final Held NOTHING = new Held(0, 0, Map.of(), Map.of(), Map.of());

    long spent(ChangeClass kind) {
        return spent.getOrDefault(kind, 0L);
    }

    /** What a share is a share of: as it was when the 24 hours began. */
    long base(ChangeClass kind) {
        return switch (kind) {
            case ARCHIVE -> people + spent(ChangeClass.ARCHIVE);
            case REMOVE -> memberships + spent(ChangeClass.REMOVE);
            case LOWER, RAISE -> memberships;
            case CREATE -> Math.max(0, people - spent(ChangeClass.CREATE));
            case FREE -> 0;
        };
    }
}
