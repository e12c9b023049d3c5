package io.identitybridge.real;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/** A self-signed certificate for 127.0.0.1 as {@code tls.crt} and {@code tls.key}, as a server wants them. */
final class PemFiles {
    private static final String PASSWORD = "for-tests-only";

    private PemFiles() {
    }

    static void write(Path folder, String... names) throws Exception {
        Path store = folder.resolve("keys.p12");
        String san = "SAN=ip:127.0.0.1" + String.join("", java.util.Arrays.stream(names).map(name -> "," + name).toList());
        OpenLdap.run(folder, Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=ldap.acme.com", "-ext", san,
                "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Key key = keys.getKey("server", PASSWORD.toCharArray());
        Files.writeString(folder.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
        Files.setPosixFilePermissions(folder.resolve("tls.key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("tls.crt"), pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
