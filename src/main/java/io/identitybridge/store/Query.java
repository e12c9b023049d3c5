package io.identitybridge.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a list.
 *
 * @param limit   how many a page, 1 to 500
 * @param cursor  where to go on
 * @param q       words to look for
 * @param filters exact values by field
 */
public record Query(int limit, Optional<String> cursor, Optional<String> q, Map<String, String> filters) {
    static final int MOST = 500;
    private static final int USUAL = 50;
    private static final int LONGEST = 1024;

    public Query {
        filters = Map.copyOf(filters);
    }

    /** Reads {@code limit} (default 50; more than 500 gives 500), {@code cursor} and {@code q}; every other parameter is a filter. */
    public static Query of(Map<String, String> parameters) {
        Map<String, String> filters = new LinkedHashMap<>(parameters);
        filters.forEach((name, value) -> {
            if (value.length() > LONGEST || value.indexOf('\0') >= 0) {
                throw new BadQuery("the value of '" + name + "' is longer than " + LONGEST + " characters or holds a zero byte");
            }
        });
        String limit = filters.remove("limit");
        Optional<String> cursor = Optional.ofNullable(filters.remove("cursor"));
        Optional<String> q = Optional.ofNullable(filters.remove("q")).filter(words -> !words.isBlank());
        return new Query(limit == null ? USUAL : limit(limit), cursor, q, filters);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1) {
                return Math.min(limit, MOST);
            }
        } catch (NumberFormatException e) {
            throw new BadQuery("limit is a number from 1 to " + MOST + ", not '" + text + "'");
        }
        throw new BadQuery("limit is a number from 1 to " + MOST + ", not '" + text + "'");
    }
}
