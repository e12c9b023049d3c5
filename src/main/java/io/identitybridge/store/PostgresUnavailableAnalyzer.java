package io.identitybridge.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows why the bridge's own PostgreSQL did not start as one block, without a stack trace. */
final class PostgresUnavailableAnalyzer extends AbstractFailureAnalyzer<PostgresUnavailable> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PostgresUnavailable cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}
