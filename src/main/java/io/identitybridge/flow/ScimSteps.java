package io.identitybridge.flow;

import io.identitybridge.scim.Bulk;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.scim.ScimServer;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of {@code routes/scim-push.camel.yaml}: a request in, a fault made into SCIM's words, the answer out. */
@Configuration(proxyBeanMethods = false)
class ScimSteps {
    /** Set where there is something to write, once or several times; the route looks at them. */
    private static final String BATCH = "batch";
    private static final String BULK = "bulk";
    private static final String CALL = "bridge.scim";

    /** One request on its way through the route. */
    private static final class Call {
        private final ScimRequest request;
        private final long begin = System.nanoTime();
        private ScimOutcome outcome;

        Call(ScimRequest request) {
            this.request = request;
        }

        Duration took() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    /** Answers at once, or leaves a change in the property {@code batch} and in the body, or several in {@code bulk}. */
    @Bean
    Processor scim(ScimServer server, @Value("${bridge.public.url:}") String publicUrl) {
        return exchange -> {
            Call call = new Call(ScimHttp.request(exchange, publicUrl));
            exchange.setProperty(CALL, call);
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    call.request.body().close();
                }
            });
            call.outcome = server.handle(call.request);
            switch (call.outcome) {
                case ScimOutcome.Answer ready -> { }
                case ScimOutcome.Change change -> {
                    exchange.setProperty(BATCH, change.batch());
                    exchange.getMessage().setBody(change.batch());
                }
                case ScimOutcome.Several several -> exchange.setProperty(BULK, several.bulk());
            }
        };
    }

    /** Makes a fault a SCIM error; a change whose base had moved meanwhile is computed again first. */
    @Bean
    Processor scimFault(ScimServer server, Again again, ScimAnswers answers) {
        return exchange -> {
            Call call = exchange.getProperty(CALL, Call.class);
            Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            if (call == null) {
                throw new IllegalStateException("a SCIM request that could not even be read", fault);
            }
            switch (again.after(fault, call.request.path(), () -> server.handle(call.request))) {
                case Again.Result.Done(ScimOutcome outcome, Optional<Work.Applied> applied) -> {
                    call.outcome = outcome;
                    exchange.getMessage().setBody(applied.orElse(null));
                }
                case Again.Result.Failed(Throwable last) -> call.outcome = answers.refused(last, call.request);
            }
        };
    }

    /** The operations of a Bulk one after the other, each on the way that a change sent alone goes. */
    @Bean
    Processor scimBulk(ScimServer server, Again again, ScimAnswers answers, FlowMeters meters) {
        return exchange -> {
            Call call = exchange.getProperty(CALL, Call.class);
            Bulk bulk = exchange.getProperty(BULK, Bulk.class);
            for (Optional<ScimRequest> next = bulk.next(); next.isPresent(); next = bulk.next()) {
                ScimRequest operation = next.get();
                bulk.done(switch (again.first(operation.path(), () -> server.handle(bulk, operation))) {
                    case Again.Result.Done(ScimOutcome outcome, Optional<Work.Applied> applied) -> {
                        applied.ifPresent(done -> meters.answered(done, call.took()));
                        yield answers.of(outcome, applied, operation);
                    }
                    case Again.Result.Failed(Throwable last) -> answers.refused(last, operation);
                });
            }
            call.outcome = answers.of(bulk, call.request);
        };
    }

    /** Status, headers and body from what the store now holds; nothing of the request goes back. */
    @Bean
    Processor scimAnswer(ScimLog log, ScimAnswers answers, FlowMeters meters) {
        return exchange -> {
            Call call = exchange.getProperty(CALL, Call.class);
            Optional<Work.Applied> applied = exchange.getMessage().getBody() instanceof Work.Applied done ? Optional.of(done) : Optional.empty();
            ScimOutcome.Answer answer = answers.of(call.outcome, applied, call.request);
            ScimHttp.answer(exchange, answer, call.request.method().equals("HEAD"));
            Duration took = call.took();
            log.add(call.request, answer, took.toNanos());
            meters.request(answer.notes().source(), call.request.method(), answer.status(), took, answer.notes().repairs());
            applied.ifPresent(done -> meters.answered(done, took));
        };
    }
}
