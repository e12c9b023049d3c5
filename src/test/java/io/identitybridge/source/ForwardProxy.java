package io.identitybridge.source;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty as a company's forward proxy on loopback: lets in who knows the password, and knows one host beyond it, whatever its name. */
public final class ForwardProxy implements AutoCloseable {
    private final Server server;
    private final ServerConnector connector;
    private final List<String> connected = new CopyOnWriteArrayList<>();

    /** @param beyond the port on loopback where every host is */
    public ForwardProxy(String user, String password, int beyond) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(12);
        threads.setDaemon(true);
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        String known = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        server.setHandler(new ConnectHandler() {
            @Override
            protected boolean handleAuthentication(Request request, Response response, String address) {
                connected.add(address);
                boolean welcome = known.equals(request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION));
                if (!welcome) {
                    response.getHeaders().put(HttpHeader.PROXY_AUTHENTICATE, "Basic realm=\"corp\"");
                }
                return welcome;
            }

            @Override
            protected InetSocketAddress newConnectAddress(String host, int port) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), beyond);
            }
        });
        server.start();
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** Where clients asked to be connected to, refused ones included. */
    public List<String> connected() {
        return List.copyOf(connected);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
