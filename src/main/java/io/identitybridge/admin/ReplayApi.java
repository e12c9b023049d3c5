package io.identitybridge.admin;

import io.identitybridge.deadletter.ReplayDesk;
import io.identitybridge.model.LetterControls;
import io.identitybridge.model.LetterControls.Filter;
import io.identitybridge.model.LetterControls.Mode;
import io.identitybridge.model.LetterControls.Order;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.store.Age;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Replays of many letters: tried dry, against a draft, begun, watched, stopped. */
@RestController
@RequestMapping("/api/dead-letters/replays")
class ReplayApi {
    private static final int MOST_IDS = 10_000;
    private static final int FASTEST = 10_000;
    private static final int LONGEST_DRAFT = 1 << 20;

    private final ReplayDesk desk;

    ReplayApi(ReplayDesk desk) {
        this.desk = desk;
    }

    /**
     * Which letters (all open ones where nothing is said), and how.
     *
     * @param olderThan as {@code 24h}
     * @param mode      {@code converge}, {@code re-read} or {@code original}
     * @param rate      letters a second
     * @param most      how many of them, the oldest first
     * @param force     also those replayed too often
     * @param dryRun    only says what it would be about
     * @param draft     only says what this file would make of them
     */
    record Asked(Optional<List<Long>> ids, Optional<String> fingerprint, Optional<String> source, Optional<String> cause, Optional<String> resource, Optional<String> q, Optional<String> olderThan,
                 Optional<String> mode, Optional<Integer> rate, Optional<Integer> most, Optional<Boolean> force, Optional<Boolean> dryRun, Optional<Draft> draft) {
    }

    /** @param file the mapping's name, as {@code okta} for mappings/okta.yaml */
    record Draft(Optional<String> file, Optional<String> text) {
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping
    ResponseEntity<?> replay(@RequestBody Asked asked) {
        Order order = new Order(filter(asked), mode(asked), asked.rate().map(rate -> within("rate", rate, FASTEST)), asked.most().map(most -> within("most", most, ReplayDesk.MOST)).orElse(ReplayDesk.MOST), asked.force().orElse(false));
        if (asked.draft().isPresent()) {
            return ResponseEntity.ok(tried(order.filter(), asked.draft().get()));
        }
        if (asked.dryRun().orElse(false)) {
            return ResponseEntity.ok(desk.dryRun(order));
        }
        Map<String, Object> job = desk.begin(order, Operator.actor());
        return ResponseEntity.accepted().location(URI.create("/api/dead-letters/replays/" + job.get("id"))).body(job);
    }

    @GetMapping
    Page list(@RequestParam Map<String, String> parameters) {
        return desk.jobs(Query.of(parameters));
    }

    @GetMapping("/{id}")
    Map<String, Object> show(@PathVariable long id) {
        return desk.job(id).orElseThrow(() -> Known.nothing("no replay " + id));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/{id}/stop")
    Map<String, Object> stop(@PathVariable long id) {
        return desk.stop(id, Operator.actor());
    }

    private Map<String, Object> tried(Filter filter, Draft draft) {
        String file = draft.file().filter(name -> name.matches("[a-z][a-z0-9-]{0,62}")).orElseThrow(() -> new BadQuery("draft.file is the mapping's name, as okta for mappings/okta.yaml"));
        String text = draft.text().filter(words -> words.length() <= LONGEST_DRAFT).orElseThrow(() -> new BadQuery("draft.text is the text of the file, at most 1 MiB"));
        ReplayDesk.Tried tried = desk.tried(filter, file, text);
        LetterControls.AtPortkey atPortkey = tried.trial().atPortkey();
        return Map.of("letters", tried.trial().letters(), "passes", tried.trial().passes(), "atPortkey", atPortkey.letters(), "changedAtPortkey", atPortkey.changed(), "sameAtPortkey", atPortkey.same(), "refusedAtPortkey", counted(atPortkey.refused()),
                "sentence", tried.sentence(), "fails", counted(tried.trial().fails()));
    }

    private static List<Map<String, Object>> counted(Map<String, Long> fails) {
        return fails.entrySet().stream().map(fail -> Map.<String, Object>of("why", fail.getKey(), "count", fail.getValue())).toList();
    }

    private static Filter filter(Asked asked) {
        List<Long> ids = asked.ids().orElse(List.of());
        if (ids.size() > MOST_IDS) {
            throw new BadQuery(ids.size() + " ids at once, at most " + MOST_IDS + "; name them by what they have in common");
        }
        return new Filter(ids, asked.fingerprint(), asked.source(), asked.cause(), asked.resource(), asked.q().filter(words -> !words.isBlank()), asked.olderThan().map(Age::of));
    }

    private static Mode mode(Asked asked) {
        return asked.mode().map(word -> Mode.of(word).orElseThrow(() -> new BadQuery("mode is converge, re-read or original, not '" + word + "'"))).orElse(Mode.CONVERGE);
    }

    private static int within(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw new BadQuery(field + " is a number from 1 to " + most + ", not " + value);
        }
        return value;
    }
}
