package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A body for the request log: its structure, its truth values and its verbs, and nothing of a person. At most 300 names and values of it. */
final class Masked {
    private static final String HIDDEN = "***";
    /** Texts that are words of SCIM's own and not a person's, by the name they stand under. */
    private static final Map<String, Pattern> KEPT = Map.of(
            "op", Pattern.compile("(?i)add|replace|remove"),
            "method", Pattern.compile("(?i)post|put|patch|delete"),
            "schemas", Pattern.compile("(?:urn:|https?://)[\\w:./-]{1,150}"),
            "type", Pattern.compile("[A-Za-z]{1,40}"),
            "resourcetype", Pattern.compile("[A-Za-z]{1,40}"));
    private static final Pattern QUOTED = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"?");
    private static final String OPERATOR = "(?i)([\\s\u00a0](?:eq|ne|co|sw|ew|gt|ge|lt|le)[\\s\u00a0]++)";
    /** Likewise that of a client which has its filters from another language. */
    private static final String ANY_OPERATOR = "(?i)([\\s\u00a0](?:eq|ne|co|sw|ew|gt|ge|lt|le)[\\s\u00a0]++|[\\s\u00a0]*+[=!<>~]{1,3}+[\\s\u00a0]*+)";
    /** As long as a telephone's, and no part of a name or of a URN. */
    private static final String NUMBER = "(?<![A-Za-z0-9_$:-])\\+?[0-9](?:[ .()/-]{0,3}[0-9]){4,}";
    /** What stands for a value where it should stand in quotes, to the end of its comparison; and what is an address or a long number, anywhere. */
    private static final Pattern BARE = Pattern.compile(ANY_OPERATOR + "(?!\"|(?:true|false|null)\\b)[^\\])\"]+?(?=\\s+(?:and|or)\\s|[\\])\"]|$)|'[^']*'?|[^\\s\\[\\]()\"']*@[^\\s\\[\\]()\"']*|" + NUMBER);
    /** The one value that a filter takes without quotes, beside words of SCIM's own. */
    private static final Pattern COMPARED = Pattern.compile(OPERATOR + "[-+.]?[0-9][A-Za-z0-9:._$+-]*");
    private static final int SHORT_NUMBER = 4;
    private static final int MOST_LISTED = 20;
    private static final int LONGEST = 200;

    private int left = 300;

    private Masked() {
    }

    static Map<String, Object> of(Map<?, ?> body) {
        return new Masked().object(body);
    }

    /** A path, filter or name without the values in it. */
    static String path(String text) {
        String start = text.substring(0, Math.min(LONGEST, text.length()));
        return plain(start) ? start : BARE.matcher(quoted(start)).replaceAll("$1" + HIDDEN);
    }

    /** As most names are: nothing in it that a value could stand in, behind, or be part of. */
    private static boolean plain(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"'@=!<>~".indexOf(c) < 0) && text.chars().filter(c -> c >= '0' && c <= '9').count() <= SHORT_NUMBER;
    }

    /** A text of ours without the values in what it quotes. */
    static String quoted(String text) {
        return COMPARED.matcher(QUOTED.matcher(text).replaceAll("\"" + HIDDEN + "\"")).replaceAll("$1" + HIDDEN);
    }

    private Map<String, Object> object(Map<?, ?> body) {
        Map<String, Object> masked = new LinkedHashMap<>();
        int seen = 0;
        for (Map.Entry<?, ?> part : body.entrySet()) {
            if (left <= 0) {
                masked.put("...", (body.size() - seen) + " more");
                break;
            }
            left--;
            seen++;
            String name = part.getKey().toString();
            masked.put(path(name), value(name.toLowerCase(Locale.ROOT), part.getValue()));
        }
        return masked;
    }

    private Object value(String name, Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean truth -> truth;
            case Map<?, ?> map -> object(map);
            case List<?> list -> list(name, list);
            case String text when KEPT.containsKey(name) && KEPT.get(name).matcher(text).matches() -> text;
            case String text when name.equals("path") -> text.startsWith("/") ? Shown.path(text) : path(text);
            case String text when text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false") || text.isEmpty() -> text;
            default -> HIDDEN;
        };
    }

    private List<Object> list(String name, List<?> list) {
        List<Object> masked = new ArrayList<>();
        int shown = list.size() > MOST_LISTED ? 1 : list.size();
        for (Object element : list.subList(0, shown)) {
            if (left <= 0) {
                break;
            }
            left--;
            masked.add(value(name, element));
        }
        if (masked.size() < list.size()) {
            masked.add("... " + (list.size() - masked.size()) + " more");
        }
        return masked;
    }
}
