package io.identitybridge.admin;

import io.identitybridge.deadletter.DeadLetters;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: seen, replayed, dropped. */
@RestController
@RequestMapping("/api/dead-letters")
class LetterApi {
    private static final int LONGEST = 200;
    private final DeadLetters letters;

    LetterApi(DeadLetters letters) {
        this.letters = letters;
    }

    /** Either the letters' numbers or the fingerprint of their cause. */
    record Replay(Optional<List<Long>> ids, Optional<String> fingerprint) {
    }

    record Discard(Optional<List<Long>> ids, Optional<String> reason) {
    }

    record Assign(Optional<List<Long>> ids, Optional<String> to) {
    }

    /** @param until a moment or a length of time from now, as 2027-01-31, 2027-01-31T08:00:00Z or 3d */
    record Snooze(Optional<List<Long>> ids, Optional<String> until) {
    }

    @GetMapping
    Page list(@RequestParam Map<String, String> parameters) {
        Map<String, String> rest = new HashMap<>(parameters);
        String group = Optional.ofNullable(rest.remove("group")).orElse("false");
        return group.equals("true") ? letters.byCause(Query.of(rest)) : letters.list(Query.of(rest));
    }

    @GetMapping("/{id}")
    Map<String, Object> show(@PathVariable long id) {
        return letters.show(id).orElseThrow(() -> Known.nothing("no dead letter " + id));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/replay")
    DeadLetters.Replayed replay(@RequestBody Replay replay) {
        List<Long> ids = replay.ids().orElse(List.of());
        if (ids.isEmpty() == replay.fingerprint().isEmpty()) {
            throw new BadQuery("name the letters to replay, either by 'ids' or by 'fingerprint'");
        }
        return replay.fingerprint().map(cause -> letters.replayCause(cause, Operator.actor())).orElseGet(() -> letters.replay(ids, Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/discard")
    Map<String, List<Long>> discard(@RequestBody Discard discard) {
        List<Long> ids = discard.ids().orElse(List.of());
        String reason = discard.reason().orElse("").strip();
        if (ids.isEmpty() || reason.isEmpty()) {
            throw new BadQuery("name the letters to discard by 'ids', and a 'reason' for the audit");
        }
        return Map.of("discarded", letters.discard(ids, Operator.actor(), reason));
    }

    @GetMapping("/export")
    Page export(@RequestParam Map<String, String> parameters) {
        return letters.export(Query.of(parameters));
    }

    /** Without {@code to} they are nobody's. */
    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/assign")
    Map<String, List<Long>> assign(@RequestBody Assign assign) {
        Optional<String> to = assign.to().map(String::strip).filter(who -> !who.isEmpty());
        if (to.filter(who -> who.length() > LONGEST || who.chars().anyMatch(Character::isISOControl)).isPresent()) {
            throw new BadQuery("say 'to' in one line of at most " + LONGEST + " characters");
        }
        return Map.of("assigned", letters.assign(named(assign.ids(), "assign"), to, Operator.actor()));
    }

    /** Without {@code until} they are taken up again. */
    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/snooze")
    Map<String, List<Long>> snooze(@RequestBody Snooze snooze) {
        return Map.of("snoozed", letters.snooze(named(snooze.ids(), "snooze"), snooze.until().map(Moments::later), Operator.actor()));
    }

    private static List<Long> named(Optional<List<Long>> ids, String what) {
        return ids.filter(all -> !all.isEmpty()).orElseThrow(() -> new BadQuery("name the letters to " + what + " by 'ids'"));
    }
}
