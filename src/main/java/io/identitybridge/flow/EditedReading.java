package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether what a run does not find is absent because its source is read otherwise than before: then it waits for a person, in this run
 * and in the later one that proves it (DESIGN section 6).
 *
 * @param first whether this run is the first to read so
 * @param when  between the last run that read otherwise and the first that reads so, if there was another way; whoever was first missed then was missed by the edit
 * @param why   the lines that were edited, or that it was a setting; with no edit, empty
 */
record EditedReading(boolean first, Optional<Runs.Edited> when, String why) {

    static EditedReading of(Runs runs, Edits edits, Active active, SourceName source, UUID run, Instant now) {
        boolean first = runs.readsOtherwise(run);
        if (first) {
            runs.edited(source, now);
        }
        Optional<Runs.Edited> when = runs.edited(source);
        return new EditedReading(first, when, when.map(edit -> why(edits, active, source, edit)).orElse(""));
    }

    /** Why all that the run takes away waits. */
    Optional<String> waits() {
        return first ? Optional.of(why) : Optional.empty();
    }

    /** Since when whoever this run does not find counts as missed; empty where it is since he was asked for. */
    Optional<Instant> missed() {
        return first ? Optional.of(when.orElseThrow().until()) : Optional.empty();
    }

    /** Why the end of one that was first missed then (empty: never before) waits, if it may come of the edit. */
    Optional<Trigger> waiting(Trigger trigger, Optional<Instant> missedSince) {
        boolean byEdit = missedSince.map(at -> when.filter(edit -> at.isAfter(edit.after()) && !at.isAfter(edit.until())).isPresent()).orElse(first);
        return byEdit ? Optional.of(new Trigger(trigger.cause(), Optional.of(why))) : Optional.empty();
    }

    private static String why(Edits edits, Active active, SourceName source, Runs.Edited when) {
        return edits.since(source, active, when.after()).map(Edits.Place::toString).orElse("a setting of routes/" + source + ".source.yaml") + " was edited; what is not found since then waits for you";
    }
}
