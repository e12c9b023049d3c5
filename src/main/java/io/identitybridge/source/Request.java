package io.identitybridge.source;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request. Its text names neither headers nor query, because secrets stand there.
 *
 * @param body what is sent with it; empty for a GET
 */
public record Request(URI url, String method, Map<String, String> headers, Optional<Body> body) {
    public Request {
        headers = Map.copyOf(headers);
        if (url.getRawUserInfo() != null || url.getHost() == null) {
            throw new IllegalArgumentException("a request goes to a host, without user information in its address");
        }
    }

    /** A text and its media type. */
    public record Body(String type, String text) {
        public static Body json(String text) {
            return new Body("application/json", text);
        }

        static Body form(String text) {
            return new Body("application/x-www-form-urlencoded", text);
        }
    }

    static Request get(URI url, Map<String, String> headers) {
        return new Request(url, "GET", headers, Optional.empty());
    }

    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }
}
