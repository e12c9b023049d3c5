package io.identitybridge.source;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list, each id once: of a whole list the last record wins, of a delta the partial ones are merged in order.
 *
 * @param page    from 1
 * @param next    where the list goes on, opaque; to be kept as it is for {@link Progress}. Empty: the last page, and the list is proved
 * @param askedAt when its request was sent
 */
public record PageRead(String resource, int page, Optional<String> next, List<Item> items, Instant askedAt) {
    public PageRead {
        items = List.copyOf(items);
    }

    /** The 8-byte hashes of the ids that are there (not of removed ones), one after the other, as {@link Progress} wants them back. */
    public byte[] seen() {
        List<Item> there = items.stream().filter(item -> !item.removed()).toList();
        ByteBuffer bytes = ByteBuffer.allocate(there.size() * Long.BYTES);
        there.forEach(item -> bytes.putLong(SeenIds.hash(item.id())));
        return bytes.array();
    }
}
