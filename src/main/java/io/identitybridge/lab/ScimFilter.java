package io.identitybridge.lab;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters that IdPs send: one attribute equal to one text. The attribute's name is in lower case; both are "" where nothing is asked for. */
record ScimFilter(String attribute, String value) {
    private static final Pattern EQUAL = Pattern.compile("\\s*([\\w.]+)\\s+(?i:eq)\\s+\"((?:[^\"\\\\]|\\\\.)*)\"\\s*");

    static ScimFilter of(String text) {
        if (text.isBlank()) {
            return new ScimFilter("", "");
        }
        Matcher found = EQUAL.matcher(text);
        if (!found.matches()) {
            throw new Refusal(400, "invalidFilter", "only attribute eq \"value\" is understood");
        }
        return new ScimFilter(found.group(1).toLowerCase(java.util.Locale.ROOT), found.group(2).replaceAll("\\\\(.)", "$1"));
    }

    boolean isNone() {
        return attribute.isEmpty();
    }

    static Refusal unknown(String attribute) {
        return new Refusal(400, "invalidFilter", "cannot filter by " + attribute);
    }
}
