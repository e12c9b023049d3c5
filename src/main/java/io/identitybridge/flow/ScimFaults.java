package io.identitybridge.flow;

import io.identitybridge.scim.ScimError;
import io.identitybridge.store.Conflict;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a client hears of a fault: never what is inside the bridge. The first of it and its causes that says something counts. */
final class ScimFaults {
    private static final int DEEPEST = 20;

    private ScimFaults() {
    }

    static ScimError of(Throwable fault) {
        Throwable word = word(fault);
        if (word instanceof ScimError error) {
            return error;
        }
        if (ofDatabase(word)) {
            return ScimError.unavailable("the bridge's database does not answer; try again");
        }
        if (word instanceof Reconciliation.Frozen) {
            return ScimError.unavailable("this source is out of service at the moment; try again later");
        }
        return ofOthers(word) ? ScimError.unavailable("the resource changes too fast; try again") : ScimError.internal("the bridge failed; its operator finds the reason in its log");
    }

    /** Whether this fault says that somebody else was first, however it is wrapped: then the change may be tried again. */
    static boolean moved(Throwable fault) {
        return ofOthers(word(fault));
    }

    /** The first that says something, else the fault itself; causes may go round in a circle. */
    private static Throwable word(Throwable fault) {
        Throwable at = fault;
        for (int depth = 0; at != null && depth < DEEPEST; at = at.getCause(), depth++) {
            if (at instanceof ScimError || ofDatabase(at) || at instanceof Reconciliation.Frozen || ofOthers(at)) {
                return at;
            }
        }
        return fault;
    }

    private static boolean ofDatabase(Throwable at) {
        return at instanceof TransientDataAccessException || at instanceof RecoverableDataAccessException || at instanceof DataAccessResourceFailureException || at instanceof CannotCreateTransactionException || at instanceof TransactionSystemException;
    }

    private static boolean ofOthers(Throwable at) {
        return at instanceof Conflict || at instanceof DuplicateKeyException;
    }
}
