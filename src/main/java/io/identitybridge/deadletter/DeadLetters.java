package io.identitybridge.deadletter;

import io.identitybridge.model.Controls;
import io.identitybridge.store.LetterDesk;
import io.identitybridge.store.LetterReads;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The desk where dead letters are read, replayed and dropped. A replay takes at most 1,000 letters; ask again for more. */
@Component
public class DeadLetters {
    static final int MOST = 1_000;

    private final LetterReads reads;
    private final LetterDesk desk;
    private final Controls controls;

    public DeadLetters(LetterReads reads, LetterDesk desk, Controls controls) {
        this.reads = reads;
        this.desk = desk;
        this.controls = controls;
    }

    /**
     * What a replay came to.
     *
     * @param open how many of the letters are open still
     */
    public record Replayed(List<String> results, int open) {
    }

    public Page list(Query query) {
        return reads.letters(query);
    }

    /** The open letters by fingerprint, the commonest cause first. */
    public Page byCause(Query query) {
        return reads.groups(query);
    }

    public Optional<Map<String, Object>> show(long id) {
        return reads.letter(id);
    }

    /** Rebuilds the keys of these letters from their wanted state; refused when one of them is not open. Gives what became of each. */
    public Replayed replay(List<Long> ids, String actor) {
        return replayed(allOpen(ids), actor);
    }

    /** Replays the open letters of one cause, oldest first. */
    public Replayed replayCause(String fingerprint, String actor) {
        List<Long> ids = reads.open(fingerprint, MOST);
        if (ids.isEmpty()) {
            throw new Controls.Refused("no open letter has this fingerprint");
        }
        return replayed(ids, actor);
    }

    private Replayed replayed(List<Long> ids, String actor) {
        List<String> results = controls.replay(ids, actor);
        return new Replayed(results, reads.open(ids).size());
    }

    /** Drops these letters for good, with a reason for the audit; refused when one of them is not open. */
    public List<Long> discard(List<Long> ids, String actor, String reason) {
        return desk.discard(allOpen(ids), actor, reason);
    }

    /** The letters as they may be given to somebody else. */
    public Page export(Query query) {
        return reads.export(query);
    }

    /** Says whose these letters are; refused when one of them is not open. */
    public List<Long> assign(List<Long> ids, Optional<String> to, String actor) {
        return desk.assign(allOpen(ids), to, actor);
    }

    /** Puts these letters aside until a time; refused when one of them is not open. */
    public List<Long> snooze(List<Long> ids, Optional<Instant> until, String actor) {
        return desk.snooze(allOpen(ids), until, actor);
    }

    private List<Long> allOpen(List<Long> ids) {
        if (ids.size() > MOST) {
            throw new Controls.Refused(ids.size() + " letters at once, at most " + MOST);
        }
        List<Long> open = reads.open(ids);
        List<Long> others = new ArrayList<>(ids);
        others.removeAll(open);
        if (!others.isEmpty()) {
            throw new Controls.Refused("no open letter has the number " + String.join(", ", others.stream().map(String::valueOf).toList()));
        }
        return open;
    }
}
