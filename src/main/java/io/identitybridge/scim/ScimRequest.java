package io.identitybridge.scim;

import java.util.Map;
import java.util.Optional;

/**
 * One SCIM request, without HTTP around it. It can be handled again: the body is kept once it was read.
 *
 * @param id      of this request, for log and audit
 * @param method  as GET
 * @param path    below the version, still encoded, as {@code /okta/Users/2819c223}
 * @param query   still encoded; empty where there is none
 * @param headers only those that SCIM reads, by their names in lower case
 * @param remote  the address it came from
 * @param base    the absolute address that {@code path} stands below, as {@code https://bridge.example/scim/v2}
 */
public record ScimRequest(String id, String method, String path, String query, Map<String, String> headers, Body body, String remote, String base) {
    /** The headers that are read; nothing else of the request's headers comes in here. */
    public static final java.util.List<String> HEADERS = java.util.List.of("authorization", "if-match", "if-none-match", "user-agent");
    /** Those of them that are lists. */
    public static final java.util.List<String> LISTS = java.util.List.of("if-match", "if-none-match");

    public ScimRequest {
        headers = Map.copyOf(headers);
    }

    /** Its path for the log, without what may be a person's. */
    public String shown() {
        return Shown.path(path);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
