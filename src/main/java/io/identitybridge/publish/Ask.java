package io.identitybridge.publish;

import io.identitybridge.model.Failure;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One call to Portkey. Its text names the path alone: queries hold addresses.
 *
 * @param path     below the target's address, with its query, encoded
 * @param body     JSON
 * @param departed whether it is about somebody who has left, or a workspace that has ended
 */
public record Ask(String method, String path, Optional<String> body, Failure.Call call, boolean departed) {
    private static final Pattern ID = Pattern.compile("/[^/]*\\d[^/]*");

    static Ask list(String path) {
        return new Ask("GET", path, Optional.empty(), Failure.Call.LIST, false);
    }

    static Ask create(String path, String body) {
        return new Ask("POST", path, Optional.of(body), Failure.Call.CREATE, false);
    }

    static Ask update(String method, String path, String body, boolean departed) {
        return new Ask(method, path, Optional.of(body), Failure.Call.UPDATE, departed);
    }

    static Ask delete(String path, boolean departed) {
        return new Ask("DELETE", path, Optional.empty(), Failure.Call.DELETE, departed);
    }

    /** Without its query, and with ids left out: what calls of one kind share. */
    public String kind() {
        int query = path.indexOf('?');
        return method + " " + ID.matcher(query < 0 ? path : path.substring(0, query)).replaceAll("/*");
    }

    @Override
    public String toString() {
        return kind();
    }
}
