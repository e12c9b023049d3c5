package io.identitybridge.admin;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;

/** Takes no renewed bundle in the place of a good one that cannot be read, or whose certificate is over while that of the one before is not. */
final class LivingBundles implements SslBundleRegistry {
    private final SslBundleRegistry taken;
    private final Map<String, Optional<ServedCertificate>> before = new ConcurrentHashMap<>();

    LivingBundles(SslBundleRegistry taken) {
        this.taken = taken;
    }

    @Override
    public void registerBundle(String name, SslBundle bundle) {
        taken.registerBundle(name, bundle);
        before.put(name, readable(bundle));
    }

    /** At a start whoever uses a bundle says that it cannot be read. */
    private static Optional<ServedCertificate> readable(SslBundle bundle) {
        try {
            return ServedCertificate.of(bundle);
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public void updateBundle(String name, SslBundle bundle) {
        Optional<ServedCertificate> fresh = ServedCertificate.of(bundle);
        Instant now = Instant.now();
        fresh.filter(certificate -> certificate.over(now) && before.getOrDefault(name, Optional.empty()).filter(old -> !old.over(now)).isPresent()).ifPresent(over -> {
            throw new IllegalStateException("the certificate of SSL bundle '" + name + "' has ended at " + over.ends() + ": the one before goes on");
        });
        taken.updateBundle(name, bundle);
        before.put(name, fresh);
    }
}
