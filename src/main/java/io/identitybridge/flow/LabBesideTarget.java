package io.identitybridge.flow;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The lab is to run beside a live Portkey: its people are nobody's, and would be invited there. */
final class LabBesideTarget extends RuntimeException {
    LabBesideTarget() {
        super("the lab does not run beside a live target");
    }

    /** Says it without a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<LabBesideTarget> {
        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, LabBesideTarget fault) {
            return new FailureAnalysis("The lab refuses to run beside a live Portkey: its people are nobody's, and would be made members there.",
                    "Start without --lab, or with  target: store  in mappings/portkey.yaml.", fault);
        }
    }
}
