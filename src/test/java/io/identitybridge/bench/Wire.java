package io.identitybridge.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One kept connection that speaks as much HTTP/1.1 as a load needs: a client that costs little beside what it measures. */
final class Wire implements AutoCloseable {
    private final String host;
    private final int port;
    private final String base;
    private final String headers;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean last;

    /** @param base the path before every path, as {@code /scim/v2/lab} */
    Wire(String host, int port, String base, String token) throws IOException {
        this.host = host;
        this.port = port;
        this.base = base;
        this.headers = " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/scim+json\r\nContent-Length: ";
        connect();
    }

    private void connect() throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16_384);
        out = socket.getOutputStream();
    }

    /** The status of the answer; its body is read and dropped. */
    int send(String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = (method + " " + base + path + headers + content.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] request = new byte[head.length + content.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(content, 0, request, head.length, content.length);
        out.write(request);
        int status = answered();
        if (last) {
            socket.close();
            connect();
        }
        return status;
    }

    private int answered() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        long length = 0;
        boolean chunked = false;
        last = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            length = lower.startsWith("content-length:") ? Long.parseLong(lower.substring(15).strip()) : length;
            last |= lower.equals("connection: close");
            chunked |= lower.startsWith("transfer-encoding:");
        }
        if (!chunked) {
            in.skipNBytes(length);
            return status;
        }
        for (long size = Long.parseLong(line(), 16); size > 0; size = Long.parseLong(line(), 16)) {
            in.skipNBytes(size + 2);
        }
        line();
        return status;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the bridge closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
