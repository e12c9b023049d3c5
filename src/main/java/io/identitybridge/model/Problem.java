package io.identitybridge.model;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault of one record: a value, not an exception. It becomes a dead letter; the rest goes on.
 *
 * @param resource {@code user}, {@code group} or {@code link}
 * @param key      the record's id at the IdP
 * @param where    the attribute or rule, as {@code email} or {@code admit}
 * @param message  what is wrong, in plain words
 * @param names    what of a person the message may say: none of it stands in {@link #nameless()}
 */
public record Problem(Cause cause, String resource, String key, String where, String message, Set<String> names) {
    private static final String LEFT_OUT = "...";
    private static final Pattern ADDRESS = Pattern.compile("[^\\s'\"()<>\\[\\],;]*@[^\\s'\"()<>\\[\\],;]*");

    public Problem {
        names = Set.copyOf(names);
    }

    public Problem(Cause cause, String resource, String key, String where, String message) {
        this(cause, resource, key, where, message, Set.of());
    }

    /** The same, of which more names are known. */
    public Problem naming(Set<String> more) {
        Set<String> all = new TreeSet<>(names);
        all.addAll(more);
        return new Problem(cause, resource, key, where, message, all);
    }

    /** The sentence of a letter and of a mapping test: {@code user 1f0c: email: no value for 'record.email'}. */
    public String sentence() {
        return said(key, message);
    }

    /** The same without a word of a person, but for an id that is no address: as it is stored, and logged. */
    public String nameless() {
        return said(key.indexOf('@') < 0 ? key : LEFT_OUT, hidden());
    }

    /** What letters of one cause share: everything but the key, and nothing of a person. */
    public String fingerprint() {
        return cause + "|" + resource + "|" + where + "|" + hidden();
    }

    private String said(String id, String words) {
        return resource + " " + id + ": " + (where.isEmpty() ? "" : where + ": ") + words;
    }

    /** Addresses, and the names where they stand as words of their own: the field {@code record.ada} is none. */
    private String hidden() {
        String hidden = ADDRESS.matcher(message).replaceAll(LEFT_OUT);
        List<String> longest = names.stream().filter(name -> !name.isBlank()).sorted(Comparator.comparingInt(String::length).reversed()).toList();
        for (String name : longest) {
            if (hidden.contains(name)) {
                hidden = Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w])").matcher(hidden).replaceAll(Matcher.quoteReplacement(LEFT_OUT));
            }
        }
        return hidden;
    }
}
