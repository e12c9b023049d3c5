package io.identitybridge.files;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant: by edit distance, at most a third of the word and at least one letter off. */
public final class DidYouMean {
    private DidYouMean() {
    }

    /** The known word nearest to what was written; empty when none is near. */
    public static Optional<String> of(String written, Collection<String> known) {
        int most = Math.max(1, written.length() / 3);
        return known.stream().filter(word -> distance(written, word) <= most)
                .min(Comparator.comparingInt((String word) -> distance(written, word)).thenComparing(Comparator.naturalOrder()));
    }

    /** {@code did you mean 'user'?}, or the known words where none is near, or nothing where none is known. */
    public static String hint(String written, Collection<String> known) {
        return of(written, known).map(word -> "did you mean '" + word + "'?")
                .orElseGet(() -> known.isEmpty() ? "take it away" : "use one of " + String.join(", ", known.stream().sorted().limit(20).toList()));
    }

    /** Letters to insert, drop, change or swap with their neighbour; case does not count. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] older = new int[b.length() + 1];
        int[] old = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            old[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], old[j]) + 1, old[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], older[j - 2] + 1);
                }
            }
            older = old;
            old = now;
        }
        return old[b.length()];
    }
}
