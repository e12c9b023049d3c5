package io.identitybridge.model;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How names stand in sentences, so that each reads back as it was: as they are where that is plain, else in quotes with escapes as Java's. */
public final class Spelling {
    /** What a written-out quote matches, with its quotes. */
    static final String FORM = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"";
    /** Line ends, codes that a terminal obeys, and marks that turn the order of reading (Unicode UAX 9). */
    private static final String OBEYED = "\\p{Cc}\\u061C\\u200E\\u200F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069";
    private static final Pattern WORD = Pattern.compile("(?U)[^\\s\"" + OBEYED + "][^\\s" + OBEYED + "]*");
    private static final Pattern NAME = Pattern.compile("[^\"" + OBEYED + "][^" + OBEYED + "]*");
    private static final Pattern ESCAPED = Pattern.compile("[\"\\\\" + OBEYED + "]");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9A-Fa-f]{4}|[\"\\\\nrt])");
    private static final Pattern WHOLE = Pattern.compile(FORM, Pattern.DOTALL);

    private Spelling() {
    }

    /** An address: quoted where it has a blank, a line end or a quote at its beginning. */
    public static String word(String text) {
        return WORD.matcher(text).matches() ? text : always(text);
    }

    /** A workspace's name, which may have blanks. */
    static String name(String text) {
        return NAME.matcher(text).matches() ? text : always(text);
    }

    /** A name before or after the word {@code to}: there an unquoted one has no quote in it, so that it is plain where the other begins. */
    static String nameBesideTo(String text) {
        return text.contains("\"") || (" " + text + " ").contains(" to ") ? always(text) : name(text);
    }

    static String always(String text) {
        return '"' + ESCAPED.matcher(text).replaceAll(found -> Matcher.quoteReplacement(escape(found.group().charAt(0)))) + '"';
    }

    /** What was written so. */
    static String read(String written) {
        return WHOLE.matcher(written).matches() ? ESCAPE.matcher(written.substring(1, written.length() - 1)).replaceAll(found -> Matcher.quoteReplacement(meant(found))) : written;
    }

    private static String escape(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '"', '\\' -> "\\" + c;
            default -> "\\u%04X".formatted((int) c);
        };
    }

    private static String meant(MatchResult escape) {
        String code = escape.group(1);
        return switch (code.charAt(0)) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> String.valueOf((char) Integer.parseInt(code.substring(1), 16));
            default -> code;
        };
    }
}
