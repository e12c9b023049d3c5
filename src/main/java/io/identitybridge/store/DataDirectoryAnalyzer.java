package io.identitybridge.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows why the data directory cannot be used as one block, without a stack trace. */
final class DataDirectoryAnalyzer extends AbstractFailureAnalyzer<DataDirectory.Unavailable> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DataDirectory.Unavailable cause) {
        return new FailureAnalysis("The data directory cannot be used: " + cause.getMessage() + ".", "Give the bridge's user the right to write there, or set BRIDGE_DATA to a directory where it may.", cause);
    }
}
