package io.identitybridge.flow;

import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.scim.ScimServer;
import io.identitybridge.store.Conflict;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** Computes a change again whose base somebody else has changed meanwhile (DESIGN section 1): a PATCH is never applied to what it has not seen. */
@Component
class Again {
    private static final int MOST = 8;
    private final ScimServer server;
    private final ProducerTemplate template;

    Again(ScimServer server, @Lazy ProducerTemplate template) {
        this.server = server;
        this.template = template;
    }

    /** How it ended. */
    sealed interface Result {
        record Done(ScimOutcome outcome, Optional<Work.Applied> applied) implements Result {
        }

        record Failed(Throwable fault) implements Result {
        }
    }

    /** Whether this fault says that somebody else was first. */
    static boolean moved(Throwable fault) {
        return fault instanceof Conflict || fault instanceof DuplicateKeyException;
    }

    Result after(Throwable fault, ScimRequest request) throws InterruptedException {
        Throwable last = fault;
        for (int attempt = 1; attempt <= MOST && moved(last); attempt++) {
            Thread.sleep(ThreadLocalRandom.current().nextInt(5 << attempt));
            Result result = once(request);
            if (!(result instanceof Result.Failed(Throwable next))) {
                return result;
            }
            last = next;
        }
        return new Result.Failed(last);
    }

    private Result once(ScimRequest request) {
        try {
            ScimOutcome outcome = server.handle(request);
            if (!(outcome instanceof ScimOutcome.Change change)) {
                return new Result.Done(outcome, Optional.empty());
            }
            Exchange sent = template.send("direct:reconcile", exchange -> exchange.getMessage().setBody(change.batch()));
            return sent.getException() != null ? new Result.Failed(sent.getException()) : new Result.Done(outcome, Optional.of(sent.getMessage().getBody(Work.Applied.class)));
        } catch (RuntimeException fault) {
            return new Result.Failed(fault);
        }
    }
}
