package io.identitybridge.model;

/** Checks that records make of the text they are given. */
final class Text {
    static final int LONGEST = 1024;

    private Text() {
    }

    static void notBlank(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + ": is empty");
        }
        if (value.length() > LONGEST) {
            throw new IllegalArgumentException(name + ": has " + value.length() + " characters, at most " + LONGEST);
        }
    }
}
