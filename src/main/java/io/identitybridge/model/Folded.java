package io.identitybridge.model;

import java.text.Normalizer;
import java.util.Locale;

/** How names are compared: without case, in Unicode's composed form, without outer blanks. The spelling itself is kept beside it. */
public final class Folded {
    private Folded() {
    }

    /** {@code " Ada@Acme.com "} gives {@code "ada@acme.com"}. */
    public static String of(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
