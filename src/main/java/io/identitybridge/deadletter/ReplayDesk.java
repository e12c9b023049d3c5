package io.identitybridge.deadletter;

import io.identitybridge.model.LetterControls;
import io.identitybridge.model.LetterControls.AtPortkey;
import io.identitybridge.model.LetterControls.Filter;
import io.identitybridge.model.LetterControls.Order;
import io.identitybridge.model.LetterControls.Trial;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import io.identitybridge.store.ReplayJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Where many letters are replayed: what it would be about, the replay itself, and how far it has come. */
@Component
public class ReplayDesk {
    /** So many letters a replay takes where it is not told how many. */
    public static final int MOST = 50_000;

    private static final int SHOWN = 20;

    private final ReplayJobs jobs;
    private final LetterControls controls;

    public ReplayDesk(ReplayJobs jobs, LetterControls controls) {
        this.jobs = jobs;
        this.controls = controls;
    }

    /**
     * What a replay would be about; nothing is done.
     *
     * @param letters    how many are meant
     * @param takes      how many of them the replay would take
     * @param needsHuman how many were replayed too often, and are tried only when forced
     * @param causes     by what they have in common, the commonest first
     */
    public record DryRun(long letters, long takes, long needsHuman, List<ReplayJobs.Bar> causes) {
    }

    public DryRun dryRun(Order order) {
        List<ReplayJobs.Bar> causes = jobs.histogram(order.filter(), controls.replaysAllowed());
        long letters = jobs.count(order.filter());
        long needsHuman = order.forced() ? 0 : causes.stream().mapToLong(ReplayJobs.Bar::needsHuman).sum();
        return new DryRun(letters, Math.min(letters, order.most()), needsHuman, causes);
    }

    /** Begins it; gives it as it stands. */
    public Map<String, Object> begin(Order order, String actor) {
        return job(controls.replay(order, actor)).orElseThrow();
    }

    public Optional<Map<String, Object>> job(long id) {
        return jobs.jobs(new Query(1, Optional.empty(), Optional.empty(), Map.of("id", String.valueOf(id)))).items().stream().findFirst();
    }

    public Page jobs(Query query) {
        return jobs.jobs(query);
    }

    /** Ends it where it is. */
    public Map<String, Object> stop(long id, String actor) {
        controls.stopReplay(id, actor);
        return job(id).orElseThrow();
    }

    /** What a draft would make of letters, and in words. */
    public record Tried(Trial trial, String sentence) {
    }

    public Tried tried(Filter filter, String file, String draft) {
        Trial trial = controls.tried(filter, file, draft);
        long failing = trial.letters() - trial.passes();
        if (trial.letters() == 0 && trial.atPortkey().letters() > 0) {
            return new Tried(trial, said(trial.atPortkey()));
        }
        return new Tried(trial, "with this file " + trial.passes() + " of " + trial.letters() + " letters pass" + (failing == 0 ? "" : ", " + failing + " fail: " + counted(trial.fails())) + (trial.atPortkey().letters() == 0 ? "" : "; " + said(trial.atPortkey())));
    }

    private static String counted(Map<String, Long> fails) {
        return fails.entrySet().stream().map(fail -> fail.getValue() + " with " + fail.getKey()).collect(Collectors.joining("; "));
    }

    private static String said(AtPortkey letters) {
        long same = letters.letters() - letters.changed();
        List<String> parts = new ArrayList<>();
        if (letters.changed() > 0) {
            parts.add(letters.changed() + " of whom or which the draft wants something else: tried by itself once the file is active");
        }
        if (same > 0) {
            parts.add(same + " of whom or which it wants the same (letter " + letters.same().stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", ")) + (same > Math.min(SHOWN, letters.same().size()) ? ", ..." : "")
                    + "): Portkey has refused that (" + counted(letters.refused()) + "), so fix it there, or replay them once it takes it");
        }
        return letters.letters() + (letters.letters() == 1 ? " letter is" : " letters are") + " about Portkey, and whether it takes what is wanted no file says: " + String.join("; ", parts);
    }
}
