package io.identitybridge.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Ids by DN: 24 to 48 bytes an entry where the id is a UUID in small letters, so that a million people are 48 MB at most. */
final class DnIds {
    private static final int FIRST_ROOM = 1024;

    private long[] keys = new long[FIRST_ROOM];
    private long[] high = new long[FIRST_ROOM];
    private long[] low = new long[FIRST_ROOM];
    private int size;
    /** Ids of another form. */
    private final Map<Long, String> others = new HashMap<>();

    void put(String dn, String id) {
        long key = SeenIds.hash(LdapRecords.key(dn));
        Optional<UUID> uuid = UuidText.of(id).filter(u -> u.toString().equals(id));
        if (uuid.isEmpty()) {
            others.put(key, id);
            return;
        }
        put(key, uuid.get().getMostSignificantBits(), uuid.get().getLeastSignificantBits());
        if (size * 2L > keys.length) {
            grow();
        }
    }

    Optional<String> get(String dn) {
        long key = SeenIds.hash(LdapRecords.key(dn));
        int slot = slot(key);
        return keys[slot] == key ? Optional.of(new UUID(high[slot], low[slot]).toString()) : Optional.ofNullable(others.get(key));
    }

    private void put(long key, long first, long second) {
        int slot = slot(key);
        size += keys[slot] == 0 ? 1 : 0;
        keys[slot] = key;
        high[slot] = first;
        low[slot] = second;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldHigh = high;
        long[] oldLow = low;
        keys = new long[oldKeys.length * 2];
        high = new long[keys.length];
        low = new long[keys.length];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldHigh[i], oldLow[i]);
            }
        }
    }

    /** Where the key stands or would stand; a hash is never 0. */
    private int slot(long key) {
        int slot = (int) key & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
