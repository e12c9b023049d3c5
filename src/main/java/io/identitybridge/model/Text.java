package io.identitybridge.model;

import java.nio.charset.StandardCharsets;

/** Checks of text that is kept and looked up by. */
public final class Text {
    /** In bytes of UTF-8: what an index of the store takes is counted so. */
    public static final int LONGEST = 1024;

    private Text() {
    }

    /** Whether a text is short enough to be looked up by. */
    public static boolean fits(String value) {
        return value.length() <= LONGEST / 3 || value.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    static void notBlank(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + ": is empty");
        }
        fitting(name, value);
    }

    static void fitting(String name, String value) {
        if (!fits(value)) {
            throw new IllegalArgumentException(name + ": has " + value.length() + " characters; at most " + LONGEST + " bytes in UTF-8 are kept");
        }
    }
}
