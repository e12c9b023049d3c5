package io.identitybridge.source;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code Link} headers (RFC 8288): several headers, several links in one, parameters quoted or not. */
final class Links {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^=;,\"\\s]+(?:\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\",;\\s]*+))?)*+)");
    private static final Pattern REL = Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"([^\"]*)\"|([^\",;\\s]+))");

    private Links() {
    }

    /** The address of the first link whose relation is {@code next}. */
    static Optional<String> next(List<String> headers) {
        for (String header : headers) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (isNext(link.group(2))) {
                    return Optional.of(link.group(1));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isNext(String parameters) {
        Matcher rel = REL.matcher(parameters);
        if (!rel.find()) {
            return false;
        }
        String relations = rel.group(1) != null ? rel.group(1) : rel.group(2);
        return List.of(relations.strip().split("\\s+")).stream().anyMatch("next"::equalsIgnoreCase);
    }
}
