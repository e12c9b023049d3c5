package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Expiry;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Retention;
import io.identitybridge.store.Statistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Converges what a stopped bridge left due: facts are stored before deeds, so nothing is ever lost between the two. Ends plans nobody decided on, and deletes what was kept for a time only. */
@Component
class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration AGE = Duration.ofSeconds(20);
    private static final int MOST = 2_000;

    private final Ledger ledger;
    private final Expiry expiry;
    private final Retention retention;
    private final Statistics statistics;
    private final Reconciliation reconciliation;
    private final Reevaluation reevaluation;

    Sweeper(Ledger ledger, Expiry expiry, Retention retention, Statistics statistics, Reconciliation reconciliation, Reevaluation reevaluation) {
        this.ledger = ledger;
        this.expiry = expiry;
        this.retention = retention;
        this.statistics = statistics;
        this.reconciliation = reconciliation;
        this.reevaluation = reevaluation;
    }

    @Scheduled(initialDelayString = "${bridge.sweep.every:10000}", fixedDelayString = "${bridge.sweep.every:10000}")
    void sweep() {
        try {
            ledger.wake();
            ledger.joinLate();
            ledger.overdue(AGE, MOST).forEach(this::tried);
            expiry.run();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("what is left over could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    /** One source's fault holds no other back. */
    private void tried(SourceName source, List<UUID> accounts) {
        try {
            converge(source, accounts);
        } catch (RuntimeException e) {
            LOG.error("what is left over of {} could not be converged: {}", source, Bugs.said(e));
        }
    }

    /** Every few seconds: a first load is to be planned as what it is. */
    @Scheduled(initialDelay = 2_000, fixedDelay = 2_000)
    void statistics() {
        try {
            statistics.refresh();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the statistics could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    /** Every hour: rows that were kept for a time only. */
    @Scheduled(initialDelay = 120_000, fixedDelay = 3_600_000)
    void purge() {
        try {
            Map<String, Integer> gone = retention.run();
            if (!gone.isEmpty()) {
                LOG.info("deleted, because their time is over: {}", gone);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("what is kept for a time only could not be deleted for now: {}", e.getClass().getSimpleName());
        }
    }

    private void converge(SourceName source, List<UUID> accounts) {
        if (reevaluation.upToDate(source)) { // else an edit is looked at first, and these with it
            LOG.info("{} accounts of {} were left due and are converged now", accounts.size(), source);
            Origin origin = new Origin("system", "time", "left-over");
            reconciliation.apply(reconciliation.guard(reconciliation.plan(reconciliation.again(source, accounts, origin))));
        }
    }
}
