package io.identitybridge.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The addresses of one source: built below its {@code url}, and followed only within that origin. */
final class Addresses {
    private static final int LONGEST = 16 * 1024;
    private static final String PLAIN = "-._~";
    /** Signs that no address may hold as they are. Braces matter most: Camel would look up a property between two of them. */
    private static final String NEVER = "\"<>\\^`{|} ";

    private final URI base;
    private final Settings settings;
    private final Faults faults;

    Addresses(String url, Settings settings, Faults faults) {
        this.settings = settings;
        this.faults = faults;
        this.base = absolute(settings.fill(url).replaceAll("(?<!:)/{2,}", "/").replaceAll("/+$", ""), "url");
        if (base.getRawQuery() != null) {
            throw faults.of("url: an address with a query cannot be the base of others; look at the setting it comes from");
        }
    }

    /** The path of the source's url: what all its paths stand after. */
    String basePath() {
        return base.getRawPath();
    }

    /** {@code path} below the source's url, {@code more} beside the settings as path segments, and the query's values encoded. */
    URI of(String path, Map<String, String> more, Map<String, String> query) {
        StringBuilder text = new StringBuilder(base.toString()).append(settings.fill(path, Addresses::segment, more));
        char sign = path.indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, String> part : query.entrySet()) {
            text.append(sign).append(encode(part.getKey(), "$")).append('=').append(encode(settings.fill(part.getValue()), ",:"));
            sign = '&';
        }
        return absolute(text.toString(), "path");
    }

    /** Another address with one more query value. */
    static URI with(URI url, Map<String, String> query) {
        StringBuilder text = new StringBuilder(url.toString());
        char sign = url.getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> part : query.entrySet()) {
            text.append(sign).append(encode(part.getKey(), "$")).append('=').append(encode(part.getValue(), ""));
            sign = '&';
        }
        return URI.create(text.toString());
    }

    /** Where a link from outside leads. Refused unless it is at the source's own origin, because the token goes there. */
    URI follow(String resource, URI from, String link) {
        URI next;
        try {
            next = from.resolve(new URI(legal(link.strip())));
        } catch (URISyntaxException broken) {
            throw faults.of(resource + ": the next page's address cannot be read; the source's answer is broken");
        }
        if (next.toString().length() > LONGEST) {
            throw faults.of(resource + ": the next page's address is longer than " + LONGEST + " characters");
        }
        if (next.getHost() == null || !origin(next).equals(origin(base))) {
            throw faults.of(resource + ": next page is at " + Faults.shown(origin(next)) + ", not at " + origin(base));
        }
        if (next.getRawUserInfo() != null) {
            throw faults.of(resource + ": the next page's address names a user; it is not followed");
        }
        return next;
    }

    /** {@code https://acme.okta.com}, the port only where it is not the scheme's own. */
    static String origin(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean usual = url.getPort() < 0 || url.getPort() == ("https".equals(scheme) ? 443 : 80);
        return scheme + "://" + String.valueOf(url.getHost()).toLowerCase(Locale.ROOT) + (usual ? "" : ":" + url.getPort());
    }

    /** One path segment; the two that mean another folder are encoded like any other text. */
    static String segment(String text) {
        return text.equals(".") || text.equals("..") ? text.replace(".", "%2E") : encode(text, "");
    }

    static String encode(String text, String alsoPlain) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0 || alsoPlain.indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }

    /** An absolute http address of our own making, or a fault that names the key of the source file. */
    URI absolute(String text, String key) {
        try {
            URI url = new URI(legal(text));
            if (url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null && isHttp(url)) {
                return url;
            }
        } catch (URISyntaxException broken) {
            // Told below: a text that is no address and an address that is not http are mended in the same place.
        }
        throw faults.of(key + ": '" + Faults.shown(text.replaceAll("\\?.*", "")) + "' is no http or https address; look at the setting it comes from");
    }

    private static boolean isHttp(URI url) {
        return "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
    }

    private static String legal(String text) {
        StringBuilder legal = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c > 126 || c < 32 || NEVER.indexOf(c) >= 0) {
                legal.append(encode(Character.toString(c), ""));
            } else {
                legal.appendCodePoint(c);
            }
        });
        return legal.toString();
    }
}
