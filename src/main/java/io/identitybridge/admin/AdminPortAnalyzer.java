package io.identitybridge.admin;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows that the admin port cannot be had as one block, without a stack trace. */
final class AdminPortAnalyzer extends AbstractFailureAnalyzer<AdminConnector.Unavailable> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AdminConnector.Unavailable cause) {
        return new FailureAnalysis(cause.getMessage() + ".", "Stop what listens there (another bridge?), or set BRIDGE_ADMIN_PORT to another port or BRIDGE_ADMIN_ADDRESS to an address of this machine.", cause);
    }
}
