package io.identitybridge.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The wire between a bridge and its store: it can break in the middle of any statement, and stay broken. To the store, that is a bridge that died. */
final class Wire implements AutoCloseable {
    private static final int WHOLE = Integer.MAX_VALUE;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int to;
    private final AtomicInteger left = new AtomicInteger(WHOLE);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Wire(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Breaks after so many more messages. */
    void breakAfter(int messages) {
        left.set(messages);
    }

    boolean broken() {
        return left.get() <= 0;
    }

    void mend() {
        left.set(WHOLE);
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket from = door.accept();
                if (left.get() <= 0) {
                    from.close();
                    continue;
                }
                Socket store = new Socket(InetAddress.getLoopbackAddress(), to);
                from.setTcpNoDelay(true);
                store.setTcpNoDelay(true);
                open.add(from);
                open.add(store);
                Thread.ofVirtual().start(() -> carry(from, store, true));
                Thread.ofVirtual().start(() -> carry(store, from, false));
            } catch (IOException e) {
                // closed, or one connection less
            }
        }
    }

    private void carry(Socket from, Socket to, boolean counted) {
        byte[] bytes = new byte[16_384];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (counted && left.get() != WHOLE && left.decrementAndGet() <= 0) {
                    cut();
                    return;
                }
                out.write(bytes, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // the other end is gone
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void cut() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
