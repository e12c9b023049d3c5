package io.identitybridge.scim;

import java.util.regex.Pattern;

/** Texts that have a form of their own, as leniently as can be told from a mistake: what is not used is only kept. */
final class Forms {
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]*={0,2}");
    private static final Pattern URI = Pattern.compile("[^\\s\\p{Cntrl}<>\"]+");
    private static final int QUANTUM = 4;

    private Forms() {
    }

    /** Base64 of either alphabet (RFC 4648, 4 and 5), with or without padding and line breaks. */
    static boolean base64(String text) {
        String whole = text.replaceAll("\\s", "");
        return BASE64.matcher(whole).matches() && whole.replace("=", "").length() % QUANTUM != 1;
    }

    /** A URI, whole or relative, with blanks around it at most; what is only unusual in one is taken. */
    static boolean uri(String text) {
        return URI.matcher(text.strip()).matches();
    }
}
