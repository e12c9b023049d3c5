package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.SourceUnavailable;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.LetterClock;
import io.identitybridge.store.Misread;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps by the names that route files use. */
@Configuration(proxyBeanMethods = false)
class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    /** Records as the IdP wrote them, with the mapping that reads them. */
    @Bean
    Processor normalize(Reconciliation reconciliation, Reevaluation reevaluation) {
        return exchange -> {
            Batch batch = exchange.getMessage().getMandatoryBody(Batch.class);
            exchange.getMessage().setBody(reconciliation.normalize(batch, reevaluation.before(batch)));
        };
    }

    @Bean
    Processor map(Reconciliation reconciliation) {
        return exchange -> exchange.getMessage().setBody(reconciliation.map(after("map", "normalize", exchange, Work.Normalized.class)));
    }

    @Bean
    Processor plan(Reconciliation reconciliation) {
        return exchange -> exchange.getMessage().setBody(reconciliation.plan(after("plan", "map", exchange, Work.Mapped.class)));
    }

    @Bean
    Processor guard(Reconciliation reconciliation) {
        return exchange -> exchange.getMessage().setBody(reconciliation.guard(after("guard", "plan", exchange, Work.Planned.class)));
    }

    /** Takes only what the guard has approved: a guard step lost in editing is refused with its name. */
    @Bean
    Processor apply(Reconciliation reconciliation, Pulls pulls, FlowMeters meters, FailureRates rates) {
        return exchange -> {
            Work.Applied applied = reconciliation.apply(after("apply", "guard", exchange, Work.Approved.class));
            pulls.applied(applied);
            meters.applied(applied);
            rates.applied(applied);
            exchange.getMessage().setBody(applied);
        };
    }

    private static <T> T after(String step, String before, Exchange exchange, Class<T> type) {
        Object body = exchange.getMessage().getBody();
        if (type.isInstance(body)) {
            return type.cast(body);
        }
        throw new IllegalStateException("step '" + step + "' takes what step '" + before + "' gives: the " + before + " step is missing before it in route " + exchange.getFromRouteId() + " (routes/reconcile.camel.yaml)");
    }

    /** Run result and alarm of a reading that failed. */
    @Bean
    Processor runFailed(Pulls pulls, FlowMeters meters) {
        return exchange -> {
            Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            SourceName source = fault instanceof SourceUnavailable unavailable ? unavailable.source() : exchange.getProperty(IdpComponent.SOURCE, SourceName.class);
            pulls.failed(source, Optional.ofNullable(exchange.getProperty(IdpComponent.RUN, UUID.class)), fault.getMessage());
            meters.failed();
        };
    }

    /** Parks an exchange that failed for no reason the bridge knows: a letter, and the run is over. */
    @Bean
    Processor park(Pulls pulls, Ledger ledger, ActiveFiles files, FlowMeters meters) {
        return exchange -> {
            Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            String route = String.valueOf(exchange.getProperty(Exchange.FAILURE_ROUTE_ID));
            SourceName source = Optional.ofNullable(exchange.getProperty(IdpComponent.SOURCE, SourceName.class)).orElse(new SourceName(LetterClock.NO_SOURCE));
            Optional<UUID> run = Optional.ofNullable(exchange.getProperty(IdpComponent.RUN, UUID.class));
            String message = Bugs.said(fault);
            Causes.Outcome outcome = files.current().causes().of(Failure.thrown(Failure.Where.SOURCE, Failure.Call.OTHER, fault));
            Problem problem = new Problem(outcome instanceof Causes.Outcome.Failed(Cause cause) ? cause : Cause.BUG, "exchange", route, "", message);
            try {
                ledger.letter(source, new Misread(problem, 0, Optional.empty(), List.of()), route, run.map(id -> "run:" + id).orElse("route:" + route), files.current().files().hash());
            } catch (RuntimeException lost) { // the exchange fails with it: nobody may believe that the letter is there
                meters.notStored();
                LOG.error("a dead letter of {} could not be stored ({}): {}", source, Bugs.said(lost), message);
                lost.addSuppressed(fault);
                throw lost;
            } finally { // a store that is away takes no letter, and a run that nobody ends is read by nobody else
                pulls.failed(source, run, message);
            }
            meters.failed();
        };
    }
}
