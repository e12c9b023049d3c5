package io.identitybridge.admin;

import io.identitybridge.admin.ServedCertificate.Need;
import java.time.Instant;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;
import org.springframework.stereotype.Component;

/** The public listener's certificate beside what lies on the disk for it: looked at when somebody asks, so that a renewal that was not taken is seen whatever the reason. */
@Component
class Certificates {
    private final String name;
    private final SslBundles bundles;
    private final SslProperties properties;
    private final ResourceLoader files;

    Certificates(@Value("${server.ssl.bundle:}") String name, SslBundles bundles, SslProperties properties, ResourceLoader files) {
        this.name = name;
        this.bundles = bundles;
        this.properties = properties;
        this.files = ApplicationResourceLoader.get(files, true);
    }

    /** @param fault why what lies on the disk cannot be served; empty where it can */
    record Seen(Need need, Instant ends, Optional<String> fault) {
    }

    /** Empty where the public listener has no bundle. */
    Optional<Seen> look() {
        return name.isBlank() ? Optional.empty() : ServedCertificate.of(bundles.getBundle(name)).map(this::seen);
    }

    private Seen seen(ServedCertificate served) {
        Instant now = Instant.now();
        Optional<String> fault = fault(now);
        return new Seen(served.need(now, fault.isEmpty()), served.ends(), fault);
    }

    private Optional<String> fault(Instant now) {
        try {
            ServedCertificate there = ServedCertificate.of(onDisk()).orElseThrow(() -> new IllegalStateException("there is no key with a certificate"));
            return there.over(now) ? Optional.of("the certificate on the disk has ended at " + there.ends()) : Optional.empty();
        } catch (RuntimeException unfit) {
            return Optional.of(BundleAnalyzer.reasons(unfit));
        }
    }

    private SslBundle onDisk() {
        SslProperties.Bundles all = properties.getBundle();
        return all.getPem().containsKey(name) ? PropertiesSslBundle.get(all.getPem().get(name), files) : PropertiesSslBundle.get(all.getJks().get(name), files);
    }
}
