package io.identitybridge.publish;

import io.identitybridge.model.Failure;
import java.util.Optional;

/**
 * One call to Portkey. Its text names the path alone: queries hold addresses.
 *
 * @param path     below the target's address, with its query, encoded
 * @param body     JSON
 * @param departed whether it is about somebody who has left, or a workspace that has ended
 */
public record Ask(String method, String path, Optional<String> body, Failure.Call call, boolean departed) {
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

    /** Without its query, and with ids, which are what holds a digit, left out: what calls of one kind share. */
    public String kind() {
        StringBuilder kind = new StringBuilder(method).append(' ');
        boolean id = false;
        int part = kind.length();
        for (int i = 0; i < path.length() && path.charAt(i) != '?'; i++) { // not by a regular expression: every call is asked this
            char c = path.charAt(i);
            if (c == '/') {
                part = kind.length() + 1;
                id = false;
            }
            if (c >= '0' && c <= '9' && !id) {
                kind.setLength(part);
                kind.append('*');
                id = true;
            } else if (!id) {
                kind.append(c);
            }
        }
        return kind.toString();
    }

    @Override
    public String toString() {
        return kind();
    }
}
