package io.identitybridge.admin;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.springframework.boot.ssl.SslBundle;

/** The certificate that clients are shown, and how it stands. */
record ServedCertificate(X509Certificate certificate) {
    private static final Duration LOOK = Duration.ofDays(14);
    private static final Duration NOW = Duration.ofDays(2);

    /** How much of a person it needs, in the order of need. */
    enum Need { NOBODY, LOOK, NOW }

    /** The one beside a key in the bundle; empty where there is none, as in a bundle that only trusts. Fails where the bundle cannot be read. */
    static Optional<ServedCertificate> of(SslBundle bundle) {
        KeyStore store = bundle.getStores().getKeyStore();
        try {
            for (String alias : store == null ? Collections.<String>emptyList() : Optional.ofNullable(bundle.getKey().getAlias()).map(Collections::singletonList).orElse(Collections.list(store.aliases()))) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    return Optional.of(new ServedCertificate(certificate));
                }
            }
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Instant begins() {
        return certificate.getNotBefore().toInstant();
    }

    Instant ends() {
        return certificate.getNotAfter().toInstant();
    }

    boolean over(Instant now) {
        return now.isAfter(ends());
    }

    /**
     * Somebody now where it does not count, or is about to end: within 2 days or a twentieth of its life, whichever is less; somebody who looks within 14 days or a fifth of it.
     *
     * @param successor whether what lies on the disk could take its place: if not, it will end as it is
     */
    Need need(Instant now, boolean successor) {
        Duration life = Duration.between(begins(), ends());
        Duration left = Duration.between(now, ends());
        boolean soon = left.compareTo(shorter(LOOK, life.dividedBy(5))) < 0;
        if (now.isBefore(begins()) || left.compareTo(shorter(NOW, life.dividedBy(20))) < 0 || soon && !successor) {
            return Need.NOW;
        }
        return soon || !successor ? Need.LOOK : Need.NOBODY;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
