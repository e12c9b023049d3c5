package io.identitybridge.store;

import java.util.regex.Pattern;

/** The beginning of an answer as a letter may keep it: no address, no secret, on one line. */
final class Excerpt {
    private static final int LONGEST = 500;
    private static final int LOOKED_AT = 8_000;
    private static final Pattern ADDRESS = Pattern.compile("[^\\s\"'<>,;:=()\\[\\]{}]{1,64}@[^\\s\"'<>,;:=()\\[\\]{}]{1,255}");
    private static final Pattern SECRET = Pattern.compile("(?i)(authorization|password|secret|token|api[-_]?key)(\"?\\s{0,3}[:=]\\s{0,3}\"?)(?:(?:bearer|basic)\\s{1,3})?[^\\s\",}]{1,2000}");
    private static final Pattern BLANK = Pattern.compile("\\p{Cntrl}+");

    private Excerpt() {
    }

    static String of(String said) {
        String looked = said.length() > LOOKED_AT ? said.substring(0, LOOKED_AT) : said;
        String plain = BLANK.matcher(looked).replaceAll(" ");
        String clean = ADDRESS.matcher(SECRET.matcher(plain).replaceAll("$1$2...")).replaceAll("...@...");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST - 3) + "..." : clean;
    }
}
