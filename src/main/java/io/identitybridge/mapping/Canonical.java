package io.identitybridge.mapping;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One text for one value, whatever the order of its keys; and hashes of it. */
final class Canonical {
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Canonical::sha256);

    private Canonical() {
    }

    static byte[] hash(String salt, Object value) {
        StringBuilder text = new StringBuilder(256).append(salt).append('\n');
        write(value, text);
        return Arrays.copyOf(SHA256.get().digest(text.toString().getBytes(StandardCharsets.UTF_8)), 16);
    }

    static String hex(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return HexFormat.of().formatHex(SHA256.get().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case Map<?, ?> map -> {
                text.append('{');
                new TreeMap<Object, Object>(map).forEach((name, part) -> {
                    text.append(name).append('\u0001');
                    write(part, text);
                });
                text.append('}');
            }
            case List<?> list -> {
                text.append('[');
                list.forEach(part -> write(part, text));
                text.append(']');
            }
            case String string -> text.append('"').append(string).append('\u0002');
            case null -> text.append("null,");
            default -> text.append(value).append(',');
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
