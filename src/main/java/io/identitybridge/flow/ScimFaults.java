package io.identitybridge.flow;

import io.identitybridge.scim.ScimError;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a client hears of a fault: never what is inside the bridge. */
final class ScimFaults {
    private ScimFaults() {
    }

    static ScimError of(Throwable fault) {
        for (Throwable at = fault; at != null; at = at.getCause()) {
            if (at instanceof ScimError error) {
                return error;
            }
            if (at instanceof TransientDataAccessException || at instanceof RecoverableDataAccessException || at instanceof DataAccessResourceFailureException || at instanceof CannotCreateTransactionException || at instanceof TransactionSystemException) {
                return ScimError.unavailable("the bridge's database does not answer; try again");
            }
            if (at instanceof Reconciliation.Frozen) {
                return ScimError.unavailable("this source is out of service at the moment; try again later");
            }
            if (Again.moved(at)) {
                return ScimError.unavailable("the resource changes too fast; try again");
            }
        }
        return ScimError.internal("the bridge failed; its operator finds the reason in its log");
    }
}
