package io.identitybridge.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Where a list goes on: the keys of the last row shown, opaque to clients, good for its own list only. */
record Cursor(String list, List<String> keys) {
    private static final String PARTS = "\u001f";

    String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((list + PARTS + String.join(PARTS, keys)).getBytes(StandardCharsets.UTF_8));
    }

    static Cursor of(String text, String list, int width) {
        List<String> parts = new ArrayList<>(List.of(decoded(text).split(PARTS, -1)));
        if (parts.size() != width + 1 || !parts.removeFirst().equals(list)) {
            throw new BadQuery("this cursor is not one of this list; pass the 'next' of its last page");
        }
        return new Cursor(list, parts);
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
