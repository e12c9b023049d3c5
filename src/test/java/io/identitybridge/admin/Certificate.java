package io.identitybridge.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate, fresh each time, as the two PEM files that an operator has. */
public final class Certificate {
    static final String PASSWORD = "for-tests-only";
    private final KeyStore store;

    private Certificate(KeyStore store) {
        this.store = store;
    }

    /** For localhost. */
    public static Certificate make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        return make(folder, "localhost");
    }

    /** For a host name, and 127.0.0.1. */
    public static Certificate make(Path folder, String host) throws IOException, InterruptedException, GeneralSecurityException {
        return make(folder, host, "-0d");
    }

    /** @param begins as keytool has it: {@code -3d}; it ends two days after */
    static Certificate make(Path folder, String host, String begins) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = Files.createTempDirectory(folder, "keys").resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "bridge", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + host,
                "-ext", "SAN=dns:" + host + ",ip:127.0.0.1", "-startdate", begins, "-validity", "2", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new Certificate(store);
    }

    /** Puts {@code tls.crt} and {@code tls.key} into the folder, over what was there. */
    public void write(Path folder) throws IOException, GeneralSecurityException {
        Files.writeString(folder.resolve("tls.key"), pem("PRIVATE KEY", store.getKey("bridge", PASSWORD.toCharArray()).getEncoded()));
        writeCertificate(folder);
    }

    /** As one PKCS12 file, over what was there. */
    void writeStore(Path file) throws IOException, GeneralSecurityException {
        try (java.io.OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    /** {@code tls.crt} alone, over what was there. */
    void writeCertificate(Path folder) throws IOException, GeneralSecurityException {
        Files.writeString(folder.resolve("tls.crt"), pem("CERTIFICATE", own().getEncoded()));
    }

    X509Certificate own() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("bridge");
    }

    /** A server's side: it shows this certificate. */
    public SSLContext serving() throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** Trusts this certificate and no other. */
    SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("bridge", own());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
