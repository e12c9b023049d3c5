package io.identitybridge.flow;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.stereotype.Component;

/** Tries a transaction five times where a deadlock, a lost connection or two newcomers at once broke it. */
@Component
class Tries {
    private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
    private static final int MOST = 5;

    <T> T of(Supplier<T> transaction) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.get();
            } catch (TransientDataAccessException | RecoverableDataAccessException | DuplicateKeyException e) {
                if (attempt == MOST) {
                    throw e;
                }
                pause(attempt);
                LOG.info("a transaction is tried again ({} of {}): {}", attempt, MOST, e.getClass().getSimpleName());
            }
        }
    }

    /** Not in step with whoever was in the way. */
    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(20 * attempt, 80 * attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
