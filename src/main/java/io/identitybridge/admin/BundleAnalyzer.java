package io.identitybridge.admin;

import java.util.stream.Stream;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;

/** Shows in one block, without a stack trace, that TLS has no certificate to show: its files are not there, are none, or do not belong together. */
final class BundleAnalyzer extends AbstractFailureAnalyzer<BeanCreationException> {
    private static final String BUNDLES = "sslBundleRegistry";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BeanCreationException cause) {
        boolean ours = Stream.<Throwable>iterate(cause, fault -> fault != null, Throwable::getCause).anyMatch(fault -> fault instanceof BeanCreationException made && BUNDLES.equals(made.getBeanName()));
        return !ours ? null : new FailureAnalysis("An SSL bundle cannot be made of its files: " + NestedExceptionUtils.getMostSpecificCause(cause).getMessage() + ".",
                "Look at the files that the settings SPRING_SSL_BUNDLE_PEM_..._KEYSTORE_CERTIFICATE and _PRIVATEKEY (or _JKS_...) name, written as file:/path: the certificate before those of its authorities, and the key that belongs to it, readable by the bridge's user (src/docs/operations.md#tls).", cause);
    }
}
