package io.identitybridge.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How each API says things: its content type, and the shape of an error. */
enum Voice {
    /** {@code {"success": false, "data": {"message", "errorCode"}}}, with AB01 to AB09. */
    ADMIN("application/json") {
        @Override
        Object error(int status, String code, String message) {
            return Map.of("success", false, "data", Map.of("message", message, "errorCode", code));
        }
    },
    /** RFC 7644, 3.12. */
    SCIM("application/scim+json") {
        @Override
        Object error(int status, String code, String message) {
            Map<String, Object> body = new LinkedHashMap<>(Map.of("schemas", List.of("urn:ietf:params:scim:api:messages:2.0:Error"), "status", String.valueOf(status), "detail", message));
            if (!code.isEmpty() && !code.startsWith("AB")) {
                body.put("scimType", code);
            }
            return body;
        }
    };

    private final String contentType;

    Voice(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** @param code AB01 to AB09, a {@code scimType}, or "" */
    abstract Object error(int status, String code, String message);

    Answer refusal(Refusal why) {
        return new Answer(why.status(), error(why.status(), why.code(), why.getMessage()));
    }
}
