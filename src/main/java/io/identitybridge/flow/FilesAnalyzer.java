package io.identitybridge.flow;

import io.identitybridge.model.FileFaults;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows faulty files that stop a start as their list, without a stack trace. */
final class FilesAnalyzer extends AbstractFailureAnalyzer<FileFaults> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FileFaults faults) {
        return new FailureAnalysis("The files have faults, and the database holds no good set to go on with:\n\n" + faults.getMessage(),
                "Mend them (target/bridge check tells the same) and start again.", faults);
    }
}
