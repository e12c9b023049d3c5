package io.identitybridge.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;

/** Keys made for one test, so that none lies in the repository. */
final class TestKeys {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private TestKeys() {
    }

    static KeyPair rsa() {
        return pair("RSA", 2048);
    }

    static KeyPair curve() {
        return pair("EC", 256);
    }

    static String pem(Key key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /** Google's file for a service account, as its console hands it out. */
    static String serviceAccount(Key key, String account) throws IOException {
        return new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(Map.of("type", "service_account", "project_id", "acme", "private_key_id", "k-1",
            "private_key", pem(key), "client_email", account, "token_uri", "https://oauth2.googleapis.com/token"));
    }

    /** A self-signed certificate with its key, made by the JDK's own keytool, for the JDK has no other way to make one. */
    static KeyStore.PrivateKeyEntry certified(Path folder) throws Exception {
        Path store = folder.resolve("certified.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg", "RSA", "-keysize", "2048",
            "-alias", "bridge", "-dname", "CN=bridge", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "change-it").redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        keytool.waitFor();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "change-it".toCharArray());
        }
        return (KeyStore.PrivateKeyEntry) keys.getEntry("bridge", new KeyStore.PasswordProtection("change-it".toCharArray()));
    }

    private static KeyPair pair(String kind, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }
}
