package io.identitybridge.scim;

import io.identitybridge.store.Allowance;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that is refused, as SCIM says it (RFC 7644, 3.12). {@code detail} is for people and never names what is inside the bridge. */
public final class ScimError extends RuntimeException {
    static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";
    private final int status;
    private final Optional<String> scimType;
    private final transient Map<String, String> headers;

    private ScimError(int status, Optional<String> scimType, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.scimType = scimType;
        this.headers = headers;
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"userName is taken"}} */
    public static ScimError uniqueness(String detail) {
        return new ScimError(409, Optional.of("uniqueness"), detail, Map.of());
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidFilter","detail":"..."}} */
    public static ScimError invalidFilter(String detail) {
        return bad("invalidFilter", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"tooMany","detail":"..."}} */
    public static ScimError tooMany(String detail) {
        return bad("tooMany", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"mutability","detail":"id is read-only"}} */
    public static ScimError mutability(String detail) {
        return bad("mutability", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidSyntax","detail":"the body is no JSON"}} */
    public static ScimError invalidSyntax(String detail) {
        return bad("invalidSyntax", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidPath","detail":"..."}} */
    public static ScimError invalidPath(String detail) {
        return bad("invalidPath", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"noTarget","detail":"remove needs a path"}} */
    public static ScimError noTarget(String detail) {
        return bad("noTarget", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidValue","detail":"userName is missing"}} */
    public static ScimError invalidValue(String detail) {
        return bad("invalidValue", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidCursor","detail":"..."}} (RFC 9865, as the next two) */
    static ScimError invalidCursor(String detail) {
        return bad("invalidCursor", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"expiredCursor","detail":"..."}} */
    static ScimError expiredCursor(String detail) {
        return bad("expiredCursor", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidCount","detail":"'count' is a whole number from 1"}} */
    static ScimError invalidCount(String detail) {
        return bad("invalidCount", detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"a bearer token is needed"}}, with {@code WWW-Authenticate: Bearer}: nobody has said who he is */
    public static ScimError unauthorized(String detail) {
        return new ScimError(401, Optional.empty(), detail, Map.of("WWW-Authenticate", "Bearer realm=\"scim\""));
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"this token has expired"}}, with {@code WWW-Authenticate: Bearer ..., error="invalid_token"} (RFC 6750, 3.1); the detail holds no quotes */
    static ScimError invalidToken(String detail) {
        return new ScimError(401, Optional.empty(), detail, Map.of("WWW-Authenticate", "Bearer realm=\"scim\", error=\"invalid_token\", error_description=\"" + detail + "\""));
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"403","detail":"this token is for another source"}} */
    public static ScimError forbidden(String detail) {
        return plain(403, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"there is no such user"}} */
    public static ScimError notFound(String detail) {
        return plain(404, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"405","detail":"DELETE is not for /Users"}}, with {@code Allow} */
    public static ScimError methodNotAllowed(String detail, String allow) {
        return new ScimError(405, Optional.empty(), detail, Map.of("Allow", allow));
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"408","detail":"the body did not come within 60 s"}} */
    static ScimError tooSlow(String detail) {
        return plain(408, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","detail":"it refers to a bulkId that ..."}}: an operation of a Bulk that waits in vain */
    static ScimError conflict(String detail) {
        return plain(409, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"412","detail":"the resource has changed"}} */
    public static ScimError preconditionFailed(String detail) {
        return plain(412, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"413","detail":"the body is longer than 1048576 bytes"}} */
    public static ScimError tooLarge(String detail) {
        return plain(413, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"415","detail":"a body is sent as it is, not compressed"}}, with {@code Accept-Encoding} (RFC 9110, 15.5.16) */
    public static ScimError compressed(String detail) {
        return new ScimError(415, Optional.empty(), detail, Map.of("Accept-Encoding", "identity"));
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"429","detail":"..."}}, with {@code Retry-After} */
    static ScimError tooFast(String detail, Duration wait) {
        return new ScimError(429, Optional.empty(), detail, Map.of("Retry-After", Allowance.retryAfter(wait)));
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500","detail":"..."}}: a fault of the bridge */
    public static ScimError internal(String detail) {
        return plain(500, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"501","detail":"/Me is not supported"}} */
    public static ScimError notImplemented(String detail) {
        return plain(501, detail);
    }

    /** {@code {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"503","detail":"..."}}, with {@code Retry-After} */
    public static ScimError unavailable(String detail) {
        return new ScimError(503, Optional.empty(), detail, Map.of("Retry-After", "5"));
    }

    public int status() {
        return status;
    }

    /** The whole answer a client sees. */
    public ScimOutcome.Answer answer(Notes notes) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("schemas", List.of(SCHEMA));
        body.put("status", String.valueOf(status));
        scimType.ifPresent(type -> body.put("scimType", type));
        body.put("detail", getMessage());
        return Answers.json(status, headers, body, notes);
    }

    private static ScimError bad(String scimType, String detail) {
        return new ScimError(400, Optional.of(scimType), detail, Map.of());
    }

    private static ScimError plain(int status, String detail) {
        return new ScimError(status, Optional.empty(), detail, Map.of());
    }
}
