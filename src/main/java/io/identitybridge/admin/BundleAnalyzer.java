package io.identitybridge.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Shows in one block, without a stack trace, that TLS has no certificate to show: no such bundle, or its files are not there, are none, or do not belong together. */
final class BundleAnalyzer implements FailureAnalyzer {
    private static final List<String> BUNDLES = List.of("org.springframework.boot.ssl.", "org.springframework.boot.autoconfigure.ssl.");
    private static final int MOST_REASONS = 2;

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        Optional<Throwable> fault = causes(failure).filter(BundleAnalyzer::arose).findFirst();
        return fault.map(why -> new FailureAnalysis("The SSL bundle of the public listener cannot be used: " + reasons(why) + ".",
                "Look at SERVER_SSL_BUNDLE, and at the files that SPRING_SSL_BUNDLE_PEM_..._KEYSTORE_CERTIFICATE and _PRIVATEKEY (or _JKS_...) name, as file:/path: the certificate before those of its authorities, and the key that belongs to it, readable by the bridge's user (src/docs/operations.md#tls).", why)).orElse(null);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static boolean arose(Throwable fault) {
        return Arrays.stream(fault.getStackTrace()).anyMatch(frame -> BUNDLES.stream().anyMatch(frame.getClassName()::startsWith));
    }

    /** What each cause adds to the one before. */
    static String reasons(Throwable fault) {
        List<String> said = new ArrayList<>();
        causes(fault).map(Throwable::getMessage).filter(Objects::nonNull).filter(message -> said.stream().noneMatch(before -> before.contains(message))).limit(MOST_REASONS).forEach(said::add);
        return String.join(": ", said);
    }
}
