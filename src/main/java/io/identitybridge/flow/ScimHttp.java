package io.identitybridge.flow;

import io.identitybridge.scim.Body;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.scim.ScimRequest;
import io.identitybridge.store.Ids;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.common.HttpMessage;

/** Between a servlet's exchange and SCIM's own request and answer. */
final class ScimHttp {
    private static final String BASE = "/scim/v2";

    private ScimHttp() {
    }

    /** @param publicUrl the address clients know the bridge by; empty: the one that this request came in at, by whatever name it was called there */
    static ScimRequest request(Exchange exchange, String publicUrl) {
        return request(exchange.getMessage(HttpMessage.class).getRequest(), Optional.ofNullable(exchange.getMessage().getBody(InputStream.class)).orElseGet(InputStream::nullInputStream), publicUrl);
    }

    /** @param body what is to be read of it */
    static ScimRequest request(HttpServletRequest request, InputStream body, String publicUrl) {
        String uri = request.getRequestURI();
        int at = uri.indexOf(BASE);
        Map<String, String> headers = new HashMap<>();
        ScimRequest.HEADERS.forEach(name -> header(request, name).ifPresent(value -> headers.put(name, value)));
        return new ScimRequest(Ids.next().toString(), request.getMethod(), at < 0 ? "" : uri.substring(at + BASE.length()), Optional.ofNullable(request.getQueryString()).orElse(""),
                headers, new Body(body), request.getRemoteAddr(), base(request, publicUrl));
    }

    /** One of versions is a list, which may come in several lines (RFC 9110, 5.3); of any other the first counts. */
    private static Optional<String> header(HttpServletRequest request, String name) {
        return ScimRequest.LISTS.contains(name) && request.getHeader(name) != null ? Optional.of(String.join(", ", Collections.list(request.getHeaders(name)))) : Optional.ofNullable(request.getHeader(name));
    }

    private static String base(HttpServletRequest request, String publicUrl) {
        if (!publicUrl.isBlank()) {
            return publicUrl.replaceFirst("/+$", "") + BASE;
        }
        boolean local = isLocal(request.getServerName());
        String host = local ? request.getServerName() : request.getLocalAddr();
        int port = local ? request.getServerPort() : request.getLocalPort();
        boolean usual = port == (request.getScheme().equals("https") ? 443 : 80);
        return request.getScheme() + "://" + (host.contains(":") && !host.startsWith("[") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + (usual ? "" : ":" + port) + BASE;
    }

    /** Who calls this machine itself may have it in his own words; any other name is only what the client says, and is not given back. */
    private static boolean isLocal(String name) {
        return name.equalsIgnoreCase("localhost") || name.matches("127(\\.[0-9]{1,3}){3}") || name.equals("[::1]");
    }

    static void answer(Exchange exchange, ScimOutcome.Answer answer, boolean head) {
        Message message = exchange.getMessage();
        answer.headers().forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setBody(head || answer.body().length == 0 ? null : answer.body());
    }
}
