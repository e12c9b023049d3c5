package io.identitybridge.scim;

/** Which texts can be kept: those that are Unicode, without the NUL character, which PostgreSQL does not store. */
final class Texts {
    private Texts() {
    }

    /** The text itself; refused with 400 where it holds half a character or a NUL. */
    static String whole(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || Character.isSurrogate(c) && !pair) {
                throw ScimError.invalidValue("'" + name + "' holds " + (c == 0 ? "a NUL character" : "half a character"));
            }
            i += pair ? 1 : 0;
        }
        return text;
    }
}
