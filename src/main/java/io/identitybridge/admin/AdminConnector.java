package io.identitybridge.admin;

import java.net.BindException;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;

/** The admin listener's connector. Where it cannot listen it says so itself: Spring would name the public port. */
final class AdminConnector extends Connector {
    private final InetAddress address;

    AdminConnector(int port, InetAddress address) {
        super("org.apache.coyote.http11.Http11NioProtocol");
        this.address = address;
        setPort(port);
        setThrowOnFailure(true);
        setProperty("bindOnInit", "false");
        ((AbstractProtocol<?>) getProtocolHandler()).setAddress(address);
    }

    /** The admin listener cannot listen where it should; the message says where and why. */
    static final class Unavailable extends RuntimeException {
        Unavailable(String message) {
            super(message);
        }
    }

    @Override
    protected void startInternal() throws LifecycleException {
        try {
            super.startInternal();
        } catch (LifecycleException e) {
            String why = Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause).limit(20).filter(BindException.class::isInstance).map(Throwable::getMessage).findFirst().orElseThrow(() -> e);
            throw new Unavailable("The admin listener cannot listen on port " + getPort() + " of " + address.getHostAddress() + ": " + why);
        }
    }
}
