package io.identitybridge.admin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.event.EventListener;

/**
 * The two addresses of the bridge: the public one (SERVER_PORT, 8080) for SCIM and its token endpoint, in TLS where
 * SERVER_SSL_BUNDLE names a bundle, the admin one, always plain (BRIDGE_ADMIN_PORT, 8081, on BRIDGE_ADMIN_ADDRESS, 127.0.0.1) for everything else. Port 0 takes a free one.
 */
public final class Listeners implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private final Connector admin;
    private final InetAddress address;
    private volatile int publicPort = -1;
    private volatile String publicScheme = "http";

    Listeners(int port, String address) throws UnknownHostException {
        this.address = InetAddress.getByName(address);
        this.admin = new AdminConnector(port, this.address);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addAdditionalConnectors(admin);
        factory.addContextCustomizers(context -> context.getParent().getPipeline().addValve(new ServerErrors(this)));
    }

    Connector connector() {
        return admin;
    }

    @EventListener
    void started(WebServerInitializedEvent event) {
        publicPort = event.getWebServer().getPort();
        publicScheme = ((TomcatWebServer) event.getWebServer()).getTomcat().getConnector().getScheme();
    }

    /** The real port of the public listener; -1 before it listens. */
    public int publicPort() {
        return publicPort;
    }

    /** The real port of the admin listener; -1 before it listens. */
    public int adminPort() {
        return admin.getLocalPort();
    }

    /** Where the public listener is reached from this machine: {@code http://localhost:8080}. */
    public String publicUrl() {
        return publicScheme + "://localhost:" + publicPort;
    }

    /** Where the admin listener is reached from this machine: {@code http://localhost:8081}. */
    public String adminUrl() {
        boolean here = address.isLoopbackAddress() || address.isAnyLocalAddress();
        return "http://" + (here ? "localhost" : address.getHostAddress()) + ":" + adminPort();
    }
}
