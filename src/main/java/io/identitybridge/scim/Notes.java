package io.identitybridge.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request meant, for people.
 *
 * @param source   whose request it was; empty where the token or the path does not say
 * @param meaning  in words, as {@code deactivate user}
 * @param resource the SCIM id it is about
 * @param repairs  what the reader had to put right
 * @param body     what came in, with every personal value masked
 */
public record Notes(Optional<String> source, String meaning, Optional<String> resource, List<String> repairs, Optional<Map<String, Object>> body) {
    public static final Notes NONE = new Notes(Optional.empty(), "", Optional.empty(), List.of(), Optional.empty());

    private static final Pattern ABOUT = Pattern.compile("^\\w+ (?:members (?:to|of|from) )?(?:user|group)\\b");

    public Notes {
        repairs = List.copyOf(repairs);
    }

    /** The meaning with whom or what it is about, as {@code deactivate user 0192...}. */
    public String said() {
        return resource.map(id -> ABOUT.matcher(meaning).replaceFirst("$0 " + Matcher.quoteReplacement(id))).orElse(meaning);
    }

    Notes of(String source) {
        return new Notes(Optional.of(source), meaning, resource, repairs, body);
    }
}
