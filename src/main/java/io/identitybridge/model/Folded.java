package io.identitybridge.model;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How names are compared: without case, in Unicode's composed form, without outer blanks. The spelling itself is kept beside it. */
public final class Folded {
    private Folded() {
    }

    /** {@code " Ada@Acme.com "} gives {@code "ada@acme.com"}. */
    public static String of(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** As it is written, composed and decomposed: one and the same name (RFC 7644, 5), which a client may write in one way now and in the other later. */
    public static List<String> spellings(String name) {
        return name.chars().allMatch(c -> c < 0x80) ? List.of(name) : Stream.of(name, Normalizer.normalize(name, Normalizer.Form.NFC), Normalizer.normalize(name, Normalizer.Form.NFD)).distinct().toList();
    }
}
