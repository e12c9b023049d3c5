package io.identitybridge.scim;

import java.math.BigDecimal;

/** Which texts can be kept: those that are Unicode, without the NUL character, which PostgreSQL does not store. */
final class Texts {
    /** How many zeros a number may need that are not written. */
    private static final int MOST_ZEROS = 64;

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

    /** A number in digits, {@code 100000} for {@code 1e5}; with its exponent where it would take too many zeros. */
    static String number(Number number) {
        return number instanceof BigDecimal decimal && Math.abs((long) decimal.scale()) <= MOST_ZEROS ? decimal.toPlainString() : number.toString();
    }
}
