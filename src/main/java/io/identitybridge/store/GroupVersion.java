package io.identitybridge.store;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.zip.CRC32C;

/** The version of a group with its members, as an ETag (RFC 7644, 3.14): members come and go without its row being touched. */
public final class GroupVersion {
    private GroupVersion() {
    }

    /**
     * @param version of its own row
     * @param members the ids of everybody in it, in any order
     * @return weak, as {@code W/"3-2-1a2b3c4d"}
     */
    public static String of(long version, Collection<String> members) {
        CRC32C digest = new CRC32C();
        members.stream().sorted().forEach(id -> digest.update((id + "\n").getBytes(StandardCharsets.UTF_8)));
        return "W/\"" + version + "-" + members.size() + "-" + Long.toHexString(digest.getValue()) + "\"";
    }
}
