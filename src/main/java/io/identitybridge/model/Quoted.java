package io.identitybridge.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody else's answer says, as far as the bridge may keep it: without addresses, credentials, phone numbers and long ids, on one line. An answer may hold
 * anything, even the request that it refuses.
 */
public final class Quoted {
    private static final String LEFT_OUT = "...";
    private static final int LOOKED_AT = 8_000;
    private static final String PART = "[^\\s\"'<>,;:=()\\[\\]{}\\\\]";
    private static final Pattern BLANK = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\s]+");
    private static final Pattern ADDRESS = Pattern.compile(PART + "{0,64}(?:@|%40)" + PART + "{0,255}");
    private static final Pattern SECRET = Pattern.compile("(?i)([\\w-]{0,40}(?:authorization|password|passwd|secret|token|api[-_ ]?key|credential)s?[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?)(?:(?:bearer|basic)\\s{1,3})?[^\\s\"',}\\]]{1,2000}");
    private static final Pattern BARE = Pattern.compile("(?i)\\b(bearer|basic|api[-_ ]?key|token|secret|password)\\s{1,3}(?=\\S{0,40}[-_\\d])[^\\s\"',}\\]]{6,2000}");
    private static final Pattern PHONE = Pattern.compile("\\+?\\d[\\d ()./-]{6,30}\\d");
    private static final Pattern ID = Pattern.compile("\\b[0-9a-fA-F-]{16,}\\b");
    /** A word of eight and more with digits and letters, as ids of any making are. */
    private static final Pattern TOKEN = Pattern.compile("(?<![\\w-])(?=[A-Za-z_-]{0,40}\\d)(?=[\\d_-]{0,40}[A-Za-z])[\\w-]{8,100}(?![\\w-])");
    private static final Pattern VALUE = Pattern.compile("'[^']{0,500}'|\"[^\"]{0,500}\"|\u201c[^\u201d]{0,500}\u201d");
    private static final Pattern NAME = Pattern.compile("(?<!^)(?<![.:!?] )(?<![\\p{L}\\p{N}_])\\p{Lu}[\\p{L}\\p{M}'\u2019-]*\\p{Ll}[\\p{L}\\p{M}'\u2019-]*");
    private static final Pattern AGAIN = Pattern.compile("\\Q...\\E(?:[ ,]{0,2}\\Q...\\E)+");

    private Quoted() {
    }

    /**
     * Any text, with these names left out as well.
     *
     * @param most characters at most
     */
    public static String text(String said, Collection<String> names, int most) {
        String plain = BLANK.matcher(said.length() > LOOKED_AT ? said.substring(0, LOOKED_AT) : said).replaceAll(" ").replace("\\\"", "\"").strip();
        String clean = out(ADDRESS, SECRET.matcher(BARE.matcher(plain).replaceAll("$1 " + LEFT_OUT)).replaceAll("$1" + LEFT_OUT));
        for (String name : names.stream().filter(name -> !name.isBlank()).sorted(Comparator.comparingInt(String::length).reversed()).toList()) {
            clean = Pattern.compile("(?iu)(?<![\\p{L}\\p{N}_])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}_])").matcher(clean).replaceAll(Matcher.quoteReplacement(LEFT_OUT));
        }
        clean = out(PHONE, out(ID, clean));
        return clean.length() > most ? clean.substring(0, most - LEFT_OUT.length()) + LEFT_OUT : clean;
    }

    /** A sentence of an answer, so that answers of one cause are the same: what it quotes, what it shows as JSON, and words that may be names or ids are left out, too. */
    public static String sentence(String said, int most) {
        int json = said.indexOf('{') < 0 ? said.indexOf('[') : said.indexOf('{');
        String words = text(out(VALUE, json < 0 ? said : said.substring(0, json) + LEFT_OUT), java.util.List.of(), most);
        return AGAIN.matcher(out(NAME, out(TOKEN, words))).replaceAll(LEFT_OUT);
    }

    private static String out(Pattern what, String text) {
        return what.matcher(text).replaceAll(LEFT_OUT);
    }
}
