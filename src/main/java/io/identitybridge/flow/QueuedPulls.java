package io.identitybridge.flow;

import io.identitybridge.model.Controls;
import io.identitybridge.store.Runs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Begins the full runs that were asked for while their source was being read, once each, on whichever bridge looks first. */
@Component
class QueuedPulls {
    private static final Logger LOG = LoggerFactory.getLogger(QueuedPulls.class);

    private final Runs runs;
    private final Controls controls;

    QueuedPulls(Runs runs, Controls controls) {
        this.runs = runs;
        this.controls = controls;
    }

    @Scheduled(initialDelayString = "${bridge.look.every:3000}", fixedDelayString = "${bridge.look.every:3000}")
    void next() {
        try {
            runs.queued().forEach(source -> {
                try {
                    controls.pull(source, true, "queue");
                } catch (Controls.Refused off) {
                    LOG.debug("{} is not pulled now: {}", source, off.getMessage());
                }
            });
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("queued runs could not be looked for for now: {}", e.getClass().getSimpleName());
        }
    }
}
