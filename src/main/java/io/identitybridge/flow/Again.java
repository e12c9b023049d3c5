package io.identitybridge.flow;

import io.identitybridge.scim.ScimOutcome;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Computes a change again whose base somebody else has changed meanwhile (DESIGN section 1): a PATCH is never applied to what it has not seen. */
@Component
class Again {
    private static final int MOST = 8;
    /** Of those who were not first with one resource, only one at a time tries again in this bridge: so each try but for newcomers succeeds. */
    private final ReentrantLock[] queues = Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);
    private final ProducerTemplate template;

    Again(@Lazy ProducerTemplate template) {
        this.template = template;
    }

    /** How it ended. */
    sealed interface Result {
        record Done(ScimOutcome outcome, Optional<Work.Applied> applied) implements Result {
        }

        record Failed(Throwable fault) implements Result {
        }
    }

    /**
     * @param resource its path, in any one spelling: what is tried again waits for others of the same resource
     * @param change   computes it again from what the store holds then
     */
    Result after(Throwable fault, String resource, Supplier<ScimOutcome> change) throws InterruptedException {
        if (!ScimFaults.moved(fault)) {
            return new Result.Failed(fault);
        }
        ReentrantLock queue = queues[Math.floorMod(resource.hashCode(), queues.length)];
        queue.lock();
        try {
            return inTurn(fault, change);
        } finally {
            queue.unlock();
        }
    }

    private Result inTurn(Throwable fault, Supplier<ScimOutcome> change) throws InterruptedException {
        Throwable last = fault;
        for (int attempt = 1; attempt <= MOST && ScimFaults.moved(last); attempt++) {
            Thread.sleep(ThreadLocalRandom.current().nextInt(5 << attempt));
            Result result = once(change);
            if (!(result instanceof Result.Failed(Throwable next))) {
                return result;
            }
            last = next;
        }
        return new Result.Failed(last);
    }

    /** One change that has no exchange of its own, tried and then again. */
    Result first(String resource, Supplier<ScimOutcome> change) throws InterruptedException {
        Result result = once(change);
        return result instanceof Result.Failed(Throwable fault) ? after(fault, resource, change) : result;
    }

    private Result once(Supplier<ScimOutcome> handled) {
        try {
            ScimOutcome outcome = handled.get();
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
