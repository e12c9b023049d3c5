package io.identitybridge.source;

import io.identitybridge.model.BadSetting;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * How calls leave this network: by which proxy, to which hosts without it, and whose certificates count beside those that Java trusts.
 * Where a part is empty, Java's own settings hold ({@code https.proxyHost}, {@code javax.net.ssl.trustStore}).
 */
public record Outgoing(Optional<Via> proxy, List<String> direct, Optional<SSLContext> tls) {
    private static final String PROXY = "BRIDGE_PROXY";
    private static final String CA = "BRIDGE_CA_FILE";

    public Outgoing {
        direct = List.copyOf(direct);
    }

    /** The proxy, and who the bridge is to it. Its text shows no password. */
    public record Via(String host, int port, Optional<String> user, Optional<String> password) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** As Java is set, and nothing else. */
    public static Outgoing asJava() {
        return new Outgoing(Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * @param proxy   {@code BRIDGE_PROXY}, as {@code http://user:password@proxy.corp.example:3128}; "" for none
     * @param noProxy {@code BRIDGE_NO_PROXY}, host names separated by commas, each with all below it; "" for none but this machine itself
     * @param caFile  {@code BRIDGE_CA_FILE}, a PEM file of certificates; "" for none
     * @throws BadSetting where one cannot be used; never with a password in it
     */
    public static Outgoing of(String proxy, String noProxy, String caFile) {
        List<String> direct = Arrays.stream(noProxy.split(",")).map(name -> name.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "")).filter(name -> !name.isEmpty()).toList();
        return new Outgoing(proxy.isBlank() ? Optional.empty() : Optional.of(via(proxy.strip())), direct, caFile.isBlank() ? Optional.empty() : Optional.of(trusting(Path.of(caFile.strip()))));
    }

    /** Which way to a host; empty where Java's own settings say it. This machine itself is never reached by a proxy. */
    Optional<ProxySelector> selector() {
        return proxy.map(via -> new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(isDirect(uri.getHost()) ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(via.host(), via.port())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The caller sees the same failure and tells it.
            }
        });
    }

    private boolean isDirect(String name) {
        String host = String.valueOf(name).toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]") || host.equals("::1")
            || direct.stream().anyMatch(known -> host.equals(known) || host.endsWith("." + known));
    }

    private static Via via(String text) {
        try {
            URI url = new URI(text);
            if ("http".equalsIgnoreCase(url.getScheme()) && url.getHost() != null && url.getPort() > 0 && (url.getRawPath() == null || url.getRawPath().matches("/?"))) {
                String[] who = url.getUserInfo() == null ? new String[0] : url.getUserInfo().split(":", 2);
                return new Via(url.getHost(), url.getPort(), Optional.of(who).filter(w -> w.length > 0).map(w -> w[0]), Optional.of(who).filter(w -> w.length > 1).map(w -> w[1]));
            }
        } catch (URISyntaxException broken) {
            // Told below, without the text: a password may stand in it.
        }
        throw new BadSetting(PROXY, "no address of a proxy", "Set it as http://proxy.corp.example:3128, or http://user:password@... with signs like @ and : in them percent-encoded; "
            + "the bridge speaks HTTP to the proxy, and TLS through it to the IdP.");
    }

    /** What Java trusts, and the certificates of this file. */
    private static SSLContext trusting(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Collection<? extends Certificate> own = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (own.isEmpty()) {
                throw new BadSetting(CA, file.toString(), "There is no certificate in it: put the PEM text of your CA there, -----BEGIN CERTIFICATE----- and so on.");
            }
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int n = 0;
            for (X509Certificate known : javas()) {
                all.setCertificateEntry("java-" + n++, known);
            }
            for (Certificate one : own) {
                all.setCertificateEntry("own-" + n++, one);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(all), null);
            return context;
        } catch (IOException | GeneralSecurityException broken) {
            throw new BadSetting(CA, file.toString(), "It must be a PEM file of certificates that the bridge can read (" + broken.getClass().getSimpleName() + ").");
        }
    }

    private static List<X509Certificate> javas() throws GeneralSecurityException {
        return Arrays.stream(trust(null)).filter(X509TrustManager.class::isInstance).map(X509TrustManager.class::cast).flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers())).toList();
    }

    private static TrustManager[] trust(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
