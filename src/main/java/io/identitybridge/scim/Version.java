package io.identitybridge.scim;

import io.identitybridge.store.GroupVersion;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimRow;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The version of an answer (RFC 7644, 3.14), weak.
 *
 * @param state of the resource itself: whatever a request could change is another state afterwards
 * @param shown of the members or groups that the answer shows beside it, with their names, which change by themselves; empty where it shows none
 */
record Version(String state, Optional<String> shown) {

    static Version of(ResourceType type, ScimRow row, Optional<List<ScimReads.Member>> list) {
        return new Version(type == ResourceType.USER ? user(row) : GroupVersion.of(row.version(), row.changes()), list.map(Version::digest));
    }

    /** As {@code W/"3-17-2.1a2b3c4d"}. */
    String tag() {
        return "W/\"" + state + shown.map(digest -> "-" + digest).orElse("") + "\"";
    }

    /** A user's row is also written where nothing of it changes that anybody sees. */
    private static String user(ScimRow row) {
        CRC32C digest = new CRC32C();
        List.of(row.document(), row.externalId().orElse(""), row.name(), String.valueOf(row.active())).forEach(part -> update(digest, part));
        return Long.toHexString(ChronoUnit.MICROS.between(java.time.Instant.EPOCH, row.changed())) + "." + Long.toHexString(digest.getValue());
    }

    private static String digest(List<ScimReads.Member> list) {
        CRC32C digest = new CRC32C();
        list.forEach(member -> {
            update(digest, member.id());
            update(digest, member.display().orElse(""));
            digest.update(member.known() ? 1 : 0);
        });
        return list.size() + "." + Long.toHexString(digest.getValue());
    }

    private static void update(CRC32C digest, String part) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update(0);
    }
}
