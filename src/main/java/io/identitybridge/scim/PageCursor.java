package io.identitybridge.scim;

import io.identitybridge.store.Ids;
import io.identitybridge.store.Sort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a list by cursor goes on (RFC 9865), opaque to clients: a place in the order, not a copy of the list. It needs nothing kept
 * here, never goes out of date, and comes through inserts and deletes; it is good for one query only, whose digest it carries.
 *
 * @param type  whose list it stands in
 * @param total how many the first page counted
 * @param place empty: before the first
 */
record PageCursor(ResourceType type, long total, Optional<Sort.Place> place) {
    /** Of what is inside; a cursor of another one was given by another version of the bridge. */
    private static final String FORM = "1";
    private static final String PARTS = "\u001f";
    private static final int LONGEST = 4_096;

    /** Only letters, digits, {@code -} and {@code _}. */
    String text(String digest) {
        List<String> parts = List.of(FORM, digest, type.name(), Long.toString(total), place.map(at -> at.id().toString()).orElse(""), place.filter(Sort.Place::backwards).isPresent() ? "<" : ">",
                place.flatMap(Sort.Place::value).map(value -> "=" + value).orElse(""));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(String.join(PARTS, parts).getBytes(StandardCharsets.UTF_8));
    }

    /** @param digest of the query that it now comes with */
    static PageCursor of(String text, String digest) {
        String[] parts = decoded(text).split(PARTS, 7);
        if (parts.length > 1 && parts[0].matches("[0-9]{1,3}") && !parts[0].equals(FORM)) {
            throw ScimError.expiredCursor("this cursor is of another version of the bridge; begin again with an empty one");
        }
        if (parts.length != 7 || !parts[1].equals(digest)) {
            throw invalid();
        }
        try {
            Optional<UUID> id = Ids.of(parts[4]);
            return new PageCursor(ResourceType.valueOf(parts[2]), Long.parseLong(parts[3]), id.map(at -> new Sort.Place(parts[5].equals("<"), Optional.of(parts[6]).filter(value -> !value.isEmpty()).map(value -> value.substring(1)), at)));
        } catch (IllegalArgumentException forged) {
            throw invalid();
        }
    }

    /** Of everything that decides what is in a list and in which order; a cursor comes back with exactly this. */
    static String digest(String source, List<ResourceType> types, Query query) {
        try {
            String whole = String.join(PARTS, source, types.toString(), query.filter().orElse(""), query.sortBy().orElse(""), Boolean.toString(query.sortBy().isPresent() && query.descending()));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException none) {
            throw new IllegalStateException("every JVM has SHA-256", none);
        }
    }

    static ScimError invalid() {
        return ScimError.invalidCursor("this cursor is none of this query; an empty one gives the first page, and each page gives the next in nextCursor");
    }

    private static String decoded(String text) {
        try {
            return text.length() > LONGEST ? "" : new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
