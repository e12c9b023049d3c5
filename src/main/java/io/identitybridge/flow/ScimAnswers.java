package io.identitybridge.flow;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Problem;
import io.identitybridge.scim.Bulk;
import io.identitybridge.scim.ScimError;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.scim.ScimServer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What an IdP is answered: what the store holds after its change, or why not. */
@Component
class ScimAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ScimAnswers.class);
    private final ActiveFiles files;
    private final RefusedLeavers leavers;

    ScimAnswers(ActiveFiles files, RefusedLeavers leavers) {
        this.files = files;
        this.leavers = leavers;
    }

    /** @param applied what the change came to; empty where there was none */
    ScimOutcome.Answer of(ScimOutcome outcome, Optional<Work.Applied> applied, ScimRequest request) {
        try {
            return switch (outcome) {
                case ScimOutcome.Answer ready -> ready;
                case ScimOutcome.Change change -> {
                    applied.flatMap(this::refusal).ifPresent(why -> {
                        throw ScimError.invalidValue(why);
                    });
                    yield change.after().get();
                }
                case ScimOutcome.Several several -> throw new IllegalStateException("the route of SCIM has lost its step scimBulk");
            };
        } catch (RuntimeException fault) {
            return refused(fault, request);
        }
    }

    /** A fault in SCIM's words; what is the bridge's own is in its log. */
    ScimOutcome.Answer refused(Throwable fault, ScimRequest request) {
        ScimError error = ScimFaults.of(fault);
        if (error.status() == 500 || error.status() == 503) {
            LOG.error("a SCIM request was not answered as asked: {}", Bugs.said(fault));
        }
        ScimServer.leavers(error, request).forEach(leaver -> leavers.stays(leaver, error.status() == 500 ? Cause.BUG : Cause.MAPPING_POISON, request.id()));
        return ScimServer.refused(error, request);
    }

    /** What a Bulk came to. */
    ScimOutcome.Answer of(Bulk bulk, ScimRequest request) {
        bulk.leavers().forEach(leaver -> leavers.stays(leaver, Cause.MAPPING_POISON, request.id()));
        return bulk.answer();
    }

    /** Why somebody was refused, where the organisation's files want the IdP to hear of it. */
    private Optional<String> refusal(Work.Applied applied) {
        if (!files.current().organisation().switches().answerRefusedPeople()) {
            return Optional.empty();
        }
        return applied.converged().problems().stream().map(Problem::sentence).findFirst().or(() -> applied.converged().refused().stream().findFirst());
    }
}
