package io.identitybridge.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Answers given before any controller is reached. */
final class Answers {
    private Answers() {
    }

    /** A problem of RFC 9457. The detail is one of ours: it holds no quotes. */
    static void problem(HttpServletResponse response, int status, String detail) throws IOException {
        String title = Optional.ofNullable(HttpStatus.resolve(status)).map(HttpStatus::getReasonPhrase).orElse("Error");
        write(response, status, "application/problem+json", "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}");
    }

    /** A SCIM error (RFC 7644, 3.12), with the same rule for its detail. */
    static void scim(HttpServletResponse response, int status, String detail) throws IOException {
        write(response, status, "application/scim+json", "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"" + status + "\",\"detail\":\"" + detail + "\"}");
    }

    private static void write(HttpServletResponse response, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
