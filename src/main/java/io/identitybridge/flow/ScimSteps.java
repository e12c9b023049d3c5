package io.identitybridge.flow;

import io.identitybridge.model.Problem;
import io.identitybridge.scim.ScimError;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.scim.ScimServer;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of {@code routes/scim-push.camel.yaml}: a request in, a fault made into SCIM's words, the answer out. */
@Configuration(proxyBeanMethods = false)
class ScimSteps {
    private static final Logger LOG = LoggerFactory.getLogger(ScimSteps.class);
    /** Set where there is something to write; the route looks at it. */
    private static final String BATCH = "batch";
    private static final String CALL = "bridge.scim";

    /** One request on its way through the route. */
    private static final class Call {
        private final ScimRequest request;
        private final long begin = System.nanoTime();
        private ScimOutcome outcome;

        Call(ScimRequest request) {
            this.request = request;
        }
    }

    /** Answers at once, or leaves a change in the property {@code batch} and in the body. */
    @Bean
    Processor scim(ScimServer server, @Value("${bridge.public.url:}") String publicUrl) {
        return exchange -> {
            Call call = new Call(ScimHttp.request(exchange, publicUrl));
            exchange.setProperty(CALL, call);
            call.outcome = server.handle(call.request);
            if (call.outcome instanceof ScimOutcome.Change change) {
                exchange.setProperty(BATCH, change.batch());
                exchange.getMessage().setBody(change.batch());
            }
        };
    }

    /** Makes a fault a SCIM error; a change whose base had moved meanwhile is computed again first. */
    @Bean
    Processor scimFault(Again again) {
        return exchange -> {
            Call call = exchange.getProperty(CALL, Call.class);
            Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            if (call == null) {
                throw new IllegalStateException("a SCIM request that could not even be read", fault);
            }
            switch (again.after(fault, call.request)) {
                case Again.Result.Done(ScimOutcome outcome, Optional<Work.Applied> applied) -> {
                    call.outcome = outcome;
                    exchange.getMessage().setBody(applied.orElse(null));
                }
                case Again.Result.Failed(Throwable last) -> call.outcome = ScimServer.refused(error(last), call.request);
            }
        };
    }

    private static ScimError error(Throwable fault) {
        ScimError error = ScimFaults.of(fault);
        if (error.status() == 500 || error.status() == 503) {
            LOG.error("a SCIM request was not answered as asked: {}", Bugs.said(fault));
        }
        return error;
    }

    /** Status, headers and body from what the store now holds; nothing of the request goes back. */
    @Bean
    Processor scimAnswer(ScimLog log, ActiveFiles files, FlowMeters meters) {
        return exchange -> {
            Call call = exchange.getProperty(CALL, Call.class);
            Object body = exchange.getMessage().getBody();
            ScimOutcome.Answer answer = answer(call, body, files);
            ScimHttp.answer(exchange, answer, call.request.method().equals("HEAD"));
            Duration took = Duration.ofNanos(System.nanoTime() - call.begin);
            log.add(call.request, answer, took.toNanos());
            meters.request(answer.notes().source(), call.request.method(), answer.status(), took, answer.notes().repairs());
            if (body instanceof Work.Applied applied) {
                meters.answered(applied, took);
            }
        };
    }

    private static ScimOutcome.Answer answer(Call call, Object body, ActiveFiles files) {
        try {
            return switch (call.outcome) {
                case ScimOutcome.Answer ready -> ready;
                case ScimOutcome.Change change -> {
                    refusal(body, files).ifPresent(why -> {
                        throw ScimError.invalidValue(why);
                    });
                    yield change.after().get();
                }
            };
        } catch (RuntimeException fault) {
            return ScimServer.refused(error(fault), call.request);
        }
    }

    /** Why somebody was refused, where the organisation's files want the IdP to hear of it. */
    private static Optional<String> refusal(Object body, ActiveFiles files) {
        if (!(body instanceof Work.Applied applied) || !files.current().organisation().switches().answerRefusedPeople()) {
            return Optional.empty();
        }
        return applied.converged().problems().stream().map(Problem::sentence).findFirst().or(() -> applied.converged().refused().stream().findFirst());
    }

}
