package io.identitybridge.source;

import com.unboundid.util.ssl.SSLUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom a connection to an LDAP server trusts: the authorities of a PEM text or file and no others, or those of the JVM. The name in the certificate is checked besides. */
final class LdapTls {
    private static final String PEM = "-----BEGIN";
    private static final long LARGEST = 1L << 20;

    private LdapTls() {
    }

    static SSLContext context(Optional<String> ca, Faults faults) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(ca.isPresent() ? store(ca.get(), faults) : null);
            return new SSLUtil(trust.getTrustManagers()).createSSLContext();
        } catch (GeneralSecurityException unusable) {
            throw faults.of("ldap.ca: no certificates to trust can be made of it (" + unusable.getClass().getSimpleName() + "); it is to hold PEM certificates");
        }
    }

    private static KeyStore store(String ca, Faults faults) throws GeneralSecurityException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes(ca, faults)));
        if (certificates.isEmpty()) {
            throw faults.of("ldap.ca: there is no certificate in it; it is to hold PEM certificates");
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return store;
        } catch (IOException impossible) {
            throw new IllegalStateException("an empty key store is not read from anywhere", impossible);
        }
    }

    private static byte[] bytes(String ca, Faults faults) {
        if (ca.strip().startsWith(PEM)) {
            return ca.getBytes(StandardCharsets.UTF_8);
        }
        try {
            Path file = Path.of(ca.strip());
            if (Files.size(file) > LARGEST) {
                throw faults.of("ldap.ca: the file " + Faults.shown(ca) + " is longer than 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException | RuntimeException unreadable) {
            throw unreadable instanceof SourceUnavailable said ? said
                : faults.of("ldap.ca: the file " + Faults.shown(ca) + " cannot be read; look at its path and its rights");
        }
    }
}
