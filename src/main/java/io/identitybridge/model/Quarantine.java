package io.identitybridge.model;

import java.time.Duration;

/**
 * When so much of a source or a target fails that it is slowed down until a person has looked, or until it is better.
 *
 * @param share   more than this part of the events fails: 0.2 for 20 %
 * @param atLeast of no fewer events than this
 * @param window  within so long
 */
public record Quarantine(double share, long atLeast, Duration window) {
    public Quarantine {
        if (share <= 0 || share > 1 || atLeast < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("a quarantine over " + share + " of " + atLeast + " within " + window);
        }
    }

    /**
     * Whether it is to be quarantined by what was seen within the window.
     *
     * @param failed of {@code events} those that failed, but for causes that do not count
     */
    public boolean isDue(long failed, long events) {
        return events >= atLeast && failed > share * events;
    }
}
