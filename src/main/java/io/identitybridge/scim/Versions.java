package io.identitybridge.scim;

import java.util.stream.Stream;

/** Versions in conditional headers (RFC 9110, 13.1): a list, or {@code *} for any. Weak and strong ones are the same here. */
final class Versions {
    private Versions() {
    }

    static boolean names(String header, String version) {
        return Stream.of(header.split(",")).map(String::strip).anyMatch(one -> one.equals("*") || plain(one).equals(plain(version)));
    }

    private static String plain(String version) {
        return version.startsWith("W/") ? version.substring(2) : version;
    }
}
