package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Quarantine;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.SourceRates.Rate;
import io.identitybridge.store.SourceRates;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** How much of what a source sends fails. Where it is too much, its pulls slow down until it is better or somebody has looked; pushes are stored as ever. Counted off the request. */
@Component
class FailureRates {
    private static final Logger LOG = LoggerFactory.getLogger(FailureRates.class);

    private final ActiveFiles files;
    private final SourceRates rates;
    private final Map<SourceName, Counted> counted = new ConcurrentHashMap<>();

    private record Counted(LongAdder events, LongAdder failed) {
    }

    FailureRates(ActiveFiles files, SourceRates rates) {
        this.files = files;
        this.rates = rates;
    }

    /** A push is one event, a run as many as its records that differed. */
    void applied(Work.Applied applied) {
        Causes causes = files.current().causes();
        long failed = applied.converged().problems().stream().filter(problem -> causes.reaction(problem.cause()).counts()).map(problem -> problem.resource() + " " + problem.key()).distinct().count();
        SourceName source = applied.mapped().source();
        switch (applied.mapped().batch()) {
            case Batch.Pushed pushed -> {
                Counted mine = counted.computeIfAbsent(source, name -> new Counted(new LongAdder(), new LongAdder()));
                mine.events().increment();
                mine.failed().add(Math.min(failed, 1));
            }
            case Batch.Snapshot snapshot -> run(source, snapshot.run(), failed);
            case Batch.Staged staged -> run(source, staged.run(), failed);
        }
    }

    private void run(SourceName source, UUID run, long failed) {
        rates.addRun(source.value(), run, failed);
    }

    /** Why a pull by the clock does not begin now; empty where it may. A quarantined source is pulled once a window. */
    java.util.Optional<String> holdsBack(SourceName source) {
        return rates.pulledWithin(source.value(), files.current().causes().quarantine().window())
                .map(why -> source + " is quarantined (" + why + "), and pulled once in " + files.current().causes().quarantine().window().toMinutes() + " minutes; source resume " + source + " ends that");
    }

    @Scheduled(initialDelayString = "${bridge.rates.every:5000}", fixedDelayString = "${bridge.rates.every:5000}")
    void look() {
        try {
            counted.forEach((source, mine) -> {
                long events = mine.events().sumThenReset();
                long failed = mine.failed().sumThenReset();
                if (events > 0) {
                    rates.add(source.value(), events, failed);
                }
            });
            Quarantine quarantine = files.current().causes().quarantine();
            rates.sources().stream().filter(source -> files.current().mapping(new SourceName(source)).isPresent()).forEach(source -> judge(source, quarantine));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("failure rates could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    private void judge(String source, Quarantine quarantine) {
        Rate rate = rates.of(source, quarantine.window());
        String why = rate.failed() + " of " + rate.events() + " failed within " + quarantine.window().toMinutes() + " minutes";
        String set = files.current().files().hash();
        if (quarantine.isDue(rate.failed(), rate.events())) {
            if (rates.quarantine(source, why, set)) {
                LOG.warn("{} is quarantined: {}; its pulls slow down, pushes are stored as ever", source, why);
            }
        } else if (rates.release(source, why, set)) {
            LOG.info("{} is quarantined no longer: {}", source, why);
        }
    }
}
