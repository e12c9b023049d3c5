package io.identitybridge.source;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request. Its text names neither headers nor query, because secrets stand there.
 *
 * @param form the urlencoded body of a POST; empty for a GET
 */
public record Request(URI url, Map<String, String> headers, Optional<String> form) {
    public Request {
        headers = Map.copyOf(headers);
        if (url.getRawUserInfo() != null || url.getHost() == null) {
            throw new IllegalArgumentException("a request goes to a host, without user information in its address");
        }
    }

    static Request get(URI url, Map<String, String> headers) {
        return new Request(url, headers, Optional.empty());
    }

    public String method() {
        return form.isPresent() ? "POST" : "GET";
    }

    @Override
    public String toString() {
        return method() + " " + url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }
}
