package io.identitybridge.store;

import io.micrometer.core.instrument.Metrics;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Counts letters opened and closed, for the meters: once the transaction is in the store, so that a rehearsal counts nothing. */
final class LetterCounts {
    private LetterCounts() {
    }

    /** @param cause the letter's {@link io.identitybridge.model.Cause} */
    static void opened(String cause) {
        count("bridge.dead.letters.created", "class", cause, 1);
    }

    /** @param outcome the status they are closed with */
    static void closed(String outcome, int letters) {
        count("bridge.dead.letters.closed", "outcome", outcome, letters);
    }

    private static void count(String meter, String label, String value, int letters) {
        Runnable counting = () -> Metrics.counter(meter, label, value).increment(letters);
        if (letters > 0 && TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    counting.run();
                }
            });
        } else if (letters > 0) {
            counting.run();
        }
    }
}
