package io.identitybridge.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** Takes an answer's unpacked body whole, within its cap and its time, and gives the connection back. Too much, or too slow, cuts the connection: draining it would be what a hostile server wants. */
final class WholeBody implements ExecChainHandler {
    private static final int CHUNK = 16 * 1024;

    private final long cap;
    private final Duration time;

    WholeBody(long cap, Duration time) {
        this.cap = cap;
        this.time = time;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        long end = System.nanoTime() + time.toNanos();
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return response;
        }
        boolean whole = false;
        try {
            InputStream body = entity.getContent();
            byte[] bytes = body == null ? new byte[0] : bytes(body, entity.getContentLength() < 0 ? CHUNK : (int) Math.clamp(entity.getContentLength(), 64, CHUNK), end);
            whole = true;
            if (body != null) {
                body.close();
            }
            response.setEntity(new ByteArrayEntity(bytes, ContentType.parseLenient(entity.getContentType())));
            return response;
        } finally {
            if (!whole) {
                scope.execRuntime.discardEndpoint();
            }
        }
    }

    private byte[] bytes(InputStream body, int length, long end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(length);
        byte[] chunk = new byte[length];
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            all.write(chunk, 0, n);
            if (all.size() > cap) {
                throw new Fetch.BodyTooLarge(cap);
            }
            if (System.nanoTime() > end) {
                throw new SocketTimeoutException("the answer took longer than " + time.toSeconds() + " s");
            }
        }
        return all.toByteArray();
    }
}
