package io.identitybridge.plan;

import io.identitybridge.model.ChangeClass;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a source holds and has already changed, as the guard needs it.
 *
 * @param people      people that accounts of this source stand for, before this plan; asked for only when a share decides
 * @param memberships workspace memberships that this source gives, before this plan; likewise
 * @param spent       changes of each class in the last 24 hours
 * @param sizes       members of each workspace that somebody would leave, by folded name
 * @param left        members who left each of those in the last 24 hours, whichever source let them go, by folded name
 */
public record Held(LongSupplier people, LongSupplier memberships, Map<ChangeClass, Long> spent, Map<String, Long> sizes, Map<String, Long> left) {
    public Held {
        spent = Map.copyOf(spent);
        sizes = Map.copyOf(sizes);
        left = Map.copyOf(left);
    }

    /** So many people and memberships, nothing changed in the last 24 hours. */
    public static Held of(long people, long memberships) {
        return new Held(() -> people, () -> memberships, Map.of(), Map.of(), Map.of());
    }

    long spent(ChangeClass kind) {
        return spent.getOrDefault(kind, 0L);
    }

    /** What a share is a share of: as it was when the 24 hours began. */
    long base(ChangeClass kind) {
        return switch (kind) {
            case ARCHIVE -> people.getAsLong() + spent(ChangeClass.ARCHIVE);
            case REMOVE -> memberships.getAsLong() + spent(ChangeClass.REMOVE);
            case LOWER, RAISE -> memberships.getAsLong();
            case CREATE -> Math.max(0, people.getAsLong() - spent(ChangeClass.CREATE));
            case FREE -> 0;
        };
    }
}
