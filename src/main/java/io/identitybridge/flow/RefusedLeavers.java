package io.identitybridge.flow;

import io.identitybridge.model.Cause;
import io.identitybridge.scim.ScimServer;
import io.identitybridge.store.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Whoever was to leave by a request that was refused is a leaver who waits: a letter, and his IdP is asked for him where that can be done. It can never fail a request. */
@Component
class RefusedLeavers {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedLeavers.class);
    private final Ledger ledger;
    private final ActiveFiles files;
    private final FlowMeters meters;

    RefusedLeavers(Ledger ledger, ActiveFiles files, FlowMeters meters) {
        this.ledger = ledger;
        this.files = files;
        this.meters = meters;
    }

    void stays(ScimServer.Leaver leaver, Cause cause, String request) {
        try {
            ledger.stays(leaver.source(), leaver.id(), cause, "a push that ends his access was refused: " + leaver.why(), "push:" + request, files.current().files().hash());
        } catch (RuntimeException lost) {
            meters.notStored();
            LOG.error("a dead letter of {} could not be stored ({}): user {} was to leave by a push that was refused", leaver.source(), Bugs.said(lost), leaver.id());
        }
    }
}
