package io.identitybridge.flow;

import io.identitybridge.model.Causes;
import io.identitybridge.model.Reaction.Changed;
import io.identitybridge.model.Reaction;
import io.identitybridge.store.LetterClock;
import io.identitybridge.store.LetterTries;
import io.identitybridge.store.ReplayJobs.Job;
import io.identitybridge.store.ReplayJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Letters that are tried again by themselves: by the clock, after the files have changed, and as long as a replay of many goes on. */
@Component
class Replaying {
    private static final Logger LOG = LoggerFactory.getLogger(Replaying.class);
    private static final int STRETCH = 500;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_PUBLISHED = 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final ActiveFiles files;
    private final ReplayJobs jobs;
    private final LetterClock clock;
    private final LetterTries tries;
    private final Replays replays;
    private final Leases leases;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Set<Long> published = ConcurrentHashMap.newKeySet();
    private volatile Optional<Long> working = Optional.empty();
    private volatile boolean closing;

    Replaying(ActiveFiles files, ReplayJobs jobs, LetterClock clock, LetterTries tries, Replays replays, Leases leases) {
        this.files = files;
        this.jobs = jobs;
        this.clock = clock;
        this.tries = tries;
        this.replays = replays;
        this.leases = leases;
    }

    @Scheduled(initialDelayString = "${bridge.heal.every:10000}", fixedDelayString = "${bridge.heal.every:10000}")
    void heal() {
        try {
            Active active = files.current();
            Causes causes = active.causes();
            tries.publishAgain(LetterClock.causes(causes, Replaying::healedByFiles), active.files().hash());
            clock.schedule(causes);
            List<Long> due = clock.take();
            if (!due.isEmpty()) {
                replays.byClock(due);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("letters could not be tried again for now: {}", e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            LOG.error("letters whose time has come could not be tried again: {}", Bugs.said(e));
        }
    }

    private static boolean healedByFiles(Reaction reaction) {
        return reaction.retryWhen().contains(Changed.CONFIGURATION) || reaction.retryWhen().contains(Changed.MAPPING);
    }

    /** One replay at a time a bridge, beside everything else, and kept with it however long an IdP lets it wait; one whose letters the publisher has yet to come to holds the next one not back. */
    @Scheduled(initialDelayString = "${bridge.replay.every:1000}", fixedDelayString = "${bridge.replay.every:1000}")
    void look() {
        if (!busy.compareAndSet(false, true)) {
            keep();
        } else {
            Thread.startVirtualThread(() -> {
                try {
                    for (Optional<Job> job = next(); job.isPresent() && !closing; job = next()) {
                        working = job.map(Job::id);
                        run(job.get());
                    }
                } catch (DataAccessException | TransactionException e) {
                    LOG.warn("a replay rests for now: {}", e.getClass().getSimpleName());
                } catch (RuntimeException e) {
                    LOG.error("a replay rests for now: {}", Bugs.said(e));
                } finally {
                    working = Optional.empty();
                    busy.set(false);
                }
            });
        }
    }

    private void keep() {
        try {
            working.ifPresent(this::keeps);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("a replay is kept a moment later: {}", e.getClass().getSimpleName());
        }
    }

    private boolean keeps(long job) {
        return !closing && jobs.keep(job, leases.bridge());
    }

    private Optional<Job> next() {
        return published.size() < MOST_PUBLISHED ? jobs.take(leases.bridge(), published) : Optional.empty();
    }

    private void run(Job job) {
        int size = job.rate().map(rate -> Math.clamp(rate, 1, STRETCH)).orElse(STRETCH);
        Instant began = Instant.now();
        long tried = 0;
        for (List<Long> letters = jobs.next(job.id(), size); !letters.isEmpty() && !closing; letters = jobs.next(job.id(), size)) {
            Replays.Came came = replays.of(letters, new Replays.How(job.mode(), job.forced(), job.actor(), job.createdAt(), Optional.of(job.id()), () -> keeps(job.id())));
            tried += letters.size();
            if (!jobs.came(job.id(), leases.bridge(), letters.getLast(), letters.size(), came.closed(), came.skipped(), came.said())) {
                return; // stopped, or another bridge goes on with it
            }
            long letterCount = tried;
            job.rate().ifPresent(rate -> pause(Duration.between(Instant.now(), began.plusMillis(letterCount * 1000 / rate))));
        }
        if (!keeps(job.id())) {
            return;
        }
        if (jobs.waits(job.id()) > 0) {
            publish(job);
        } else {
            end(job);
        }
    }

    private void publish(Job job) {
        published.add(job.id());
        Thread.startVirtualThread(() -> {
            try {
                published(job);
                end(job);
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("replay {} is looked at again: {}", job.id(), e.getClass().getSimpleName());
            } finally {
                published.remove(job.id());
            }
        });
    }

    private void end(Job job) {
        if (!closing) {
            jobs.end(job.id(), "done", job.actor());
        }
    }

    /** Until the publisher has come to each of the letters about Portkey, ten minutes at most: only then is it known what became of them. */
    private void published(Job job) {
        Instant end = Instant.now().plus(LONGEST);
        while (!closing && jobs.waits(job.id()) > 0 && keeps(job.id()) && Instant.now().isBefore(end)) {
            pause(LOOK_EVERY);
        }
    }

    private static void pause(Duration time) {
        if (time.isPositive()) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted between two letters", e);
            }
        }
    }

    @jakarta.annotation.PreDestroy
    void stop() {
        closing = true;
    }
}
