package io.identitybridge.flow;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Controls.Refused;
import io.identitybridge.model.LetterControls;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterTries;
import io.identitybridge.store.LetterTries.Subject;
import io.identitybridge.store.ReplayJobs;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What operators ask for about many letters: replays, and what a draft would make of them. */
@Component
class LetterOperations implements LetterControls {
    /** The source of letters about Portkey, and the organisation's file. */
    private static final String TARGET = "portkey";
    private static final int STRETCH = 500;
    private static final int MOST_TRIED = 50_000;
    private static final int SHOWN = 50;

    private final ActiveFiles files;
    private final ReplayJobs jobs;
    private final LetterTries tries;
    private final Ledger ledger;
    private final Runs runs;
    private final Replays replays;
    private final DraftAtPortkey atPortkey;

    LetterOperations(ActiveFiles files, ReplayJobs jobs, LetterTries tries, Ledger ledger, Runs runs, Replays replays, DraftAtPortkey atPortkey) {
        this.atPortkey = atPortkey;
        this.files = files;
        this.jobs = jobs;
        this.tries = tries;
        this.ledger = ledger;
        this.runs = runs;
        this.replays = replays;
    }

    @Override
    public long replay(Order order, String actor) {
        if (jobs.count(order.filter()) == 0) {
            throw new Refused("no open letter is meant by that");
        }
        return jobs.open(order, actor, files.current().files().hash()).id();
    }

    @Override
    public void stopReplay(long id, String actor) {
        if (!jobs.end(id, "stopped", actor)) {
            throw new Refused("no replay " + id + " is going on");
        }
    }

    @Override
    public int replaysAllowed() {
        return replays.allowed();
    }

    @Override
    public Trial tried(Filter filter, String file, String draft) {
        Map<String, String> texts = new TreeMap<>(files.disk());
        texts.put("mappings/" + file + ".yaml", draft);
        Active proposed = Active.of(FileReader.read(texts), files.current().overrides());
        boolean named = !filter.ids().isEmpty() || filter.fingerprint().isPresent() || filter.source().isPresent() || file.equals(TARGET);
        AtPortkey atPortkey = named && filter.source().filter(source -> !source.equals(TARGET)).isEmpty() ? atPortkey(of(filter, TARGET), proposed) : AtPortkey.none();
        Filter meant = file.equals(TARGET) ? filter : of(filter, file);
        long letters = 0;
        Map<String, Long> fails = new HashMap<>();
        List<Long> stretch = filter.source().filter(TARGET::equals).isPresent() && !file.equals(TARGET) ? List.of() : jobs.letters(meant, 0, STRETCH);
        while (!stretch.isEmpty() && letters < MOST_TRIED) {
            List<Long> portkeys = tries.atPortkey(stretch, "person", "workspace");
            List<Long> others = stretch.stream().filter(letter -> !portkeys.contains(letter)).toList();
            letters += others.size();
            failing(others, proposed).values().forEach(why -> fails.merge(why, 1L, Long::sum));
            stretch = jobs.letters(meant, stretch.getLast(), STRETCH);
        }
        return new Trial(letters, letters - fails.values().stream().mapToLong(Long::longValue).sum(), commonest(fails), atPortkey);
    }

    private AtPortkey atPortkey(Filter filter, Active proposed) {
        long letters = 0;
        long changed = 0;
        List<Long> same = new ArrayList<>();
        Map<String, Long> refused = new HashMap<>();
        List<Long> stretch = jobs.letters(filter, 0, STRETCH);
        while (!stretch.isEmpty() && letters < MOST_TRIED) {
            Set<Long> otherwise = atPortkey.changed(stretch, proposed);
            List<Long> others = stretch.stream().filter(letter -> !otherwise.contains(letter)).toList();
            letters += stretch.size();
            changed += otherwise.size();
            others.stream().limit(SHOWN - same.size()).forEach(same::add);
            tries.refused(others).forEach((why, count) -> refused.merge(why, count, Long::sum));
            stretch = jobs.letters(filter, stretch.getLast(), STRETCH);
        }
        return new AtPortkey(letters, changed, same, commonest(refused));
    }

    private static Map<String, Long> commonest(Map<String, Long> fails) {
        Map<String, Long> commonest = new LinkedHashMap<>();
        fails.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey())).limit(SHOWN).forEach(fail -> commonest.put(fail.getKey(), fail.getValue()));
        return commonest;
    }

    private static Filter of(Filter filter, String source) {
        return new Filter(filter.ids(), filter.fingerprint(), Optional.of(source), filter.cause(), filter.resource(), filter.q(), filter.olderThan());
    }

    /** The letters that stay open by these files, each with what is wrong then. */
    private Map<Long, String> failing(List<Long> letters, Active proposed) {
        Map<Long, String> why = new HashMap<>();
        letters.forEach(letter -> why.put(letter, "not about a person or group of a source"));
        List<Subject> subjects = tries.subjects(letters);
        subjects.forEach(subject -> why.put(subject.letter(), "nothing of it is stored: only the IdP can say it again"));
        subjects.stream().map(Subject::source).distinct().forEach(source -> {
            List<Subject> mine = subjects.stream().filter(subject -> subject.source().equals(source)).toList();
            if (proposed.mapping(source).isEmpty()) {
                mine.forEach(subject -> why.put(subject.letter(), "there is no mappings/" + source + ".yaml"));
            } else {
                Map<String, Problem> problems = rehearsed(source, mine, proposed);
                mine.stream().filter(subject -> subject.id().isPresent()).forEach(subject -> Optional.ofNullable(problems.get(subject.resource() + " " + subject.key()))
                        .or(() -> Optional.ofNullable(problems.get(subject.resource() + " " + subject.idpId())))
                        .ifPresentOrElse(problem -> why.put(subject.letter(), (problem.where().isEmpty() ? "" : problem.where() + ": ") + problem.message().replaceAll("'[^']*@[^']*'", "'...'")), () -> why.remove(subject.letter())));
            }
        });
        return why;
    }

    /** What would be wrong with the people and groups of these letters, by resource and key; nothing is touched. */
    private Map<String, Problem> rehearsed(SourceName source, List<Subject> subjects, Active proposed) {
        Map<String, Problem> problems = new HashMap<>();
        Instant now = runs.now();
        ledger.rehearse(() -> {
            Trigger trigger = Trigger.of("rehearsal");
            LookAgain again = new LookAgain(ledger, source, proposed, now, trigger, misread -> told(problems, misread.problem()));
            LetterTries.stored(subjects, "group").getOrDefault(source, List.of()).forEach(again::group);
            Set<UUID> accounts = new LinkedHashSet<>(LetterTries.stored(subjects, "user").getOrDefault(source, List.of()));
            again.accounts(accounts);
            ledger.markDue(accounts, trigger);
            tries.obstacles(accounts, proposed.rules(now)).forEach(problem -> told(problems, problem));
        });
        return problems;
    }

    private static void told(Map<String, Problem> problems, Problem problem) {
        problems.putIfAbsent((problem.resource().equals("group") ? "group " : "user ") + problem.key(), problem);
    }
}
