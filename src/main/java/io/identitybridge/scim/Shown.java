package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The path of a request as the log may show it: words of ours and ids. Whoever asks for a person by something else may have put his address there. */
final class Shown {
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,62}|urn:[A-Za-z0-9:._-]{1,150}|\\.search");
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\\.search");
    private static final Pattern BETWEEN = Pattern.compile("[/?]+");
    private static final Set<String> NAMED = Set.of("users", "groups", "me");
    private static final int MOST_PARTS = 6;

    private Shown() {
    }

    /** {@code /okta/Users/ada@acme.com} becomes {@code /okta/Users/***}; likewise what stands behind a part that is no word. */
    static String path(String path) {
        List<String> parts = new ArrayList<>();
        Pattern wanted = WORD;
        for (String part : BETWEEN.split(path, MOST_PARTS + 2)) {
            if (!part.isEmpty() && parts.size() < MOST_PARTS) {
                boolean fits = wanted.matcher(part).matches();
                parts.add(fits ? part : "***");
                wanted = !fits || NAMED.contains(part.toLowerCase(Locale.ROOT)) ? ID : wanted;
            }
        }
        return "/" + String.join("/", parts);
    }
}
