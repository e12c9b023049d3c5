package io.identitybridge.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A set of ids kept as 8-byte hashes: 16 to 32 bytes an id, whatever its length. Among 5,000,000 ids two fall together once in a million runs. */
public final class SeenIds {
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(SeenIds::sha256);
    private static final int FIRST_ROOM = 1024;

    private long[] slots = new long[FIRST_ROOM];
    private int size;

    /** The first 8 bytes of the id's SHA-256; never 0. */
    public static long hash(String id) {
        long hash = ByteBuffer.wrap(SHA256.get().digest(id.getBytes(StandardCharsets.UTF_8))).getLong();
        return hash == 0 ? 1 : hash;
    }

    /** Takes the hashes of a {@link Progress}. */
    public static SeenIds of(byte[] hashes) {
        SeenIds ids = new SeenIds();
        ByteBuffer bytes = ByteBuffer.wrap(hashes);
        while (bytes.hasRemaining()) {
            ids.add(bytes.getLong());
        }
        return ids;
    }

    /** Whether the id is new. */
    boolean add(String id) {
        return add(hash(id));
    }

    /** Whether the id was added. */
    public boolean has(String id) {
        return slots[slot(slots, hash(id))] != 0;
    }

    /** Adds all hashes of a {@link PageRead#seen}. */
    public void addAll(byte[] hashes) {
        ByteBuffer bytes = ByteBuffer.wrap(hashes);
        while (bytes.hasRemaining()) {
            add(bytes.getLong());
        }
    }

    public int size() {
        return size;
    }

    private boolean add(long hash) {
        int slot = slot(slots, hash);
        if (slots[slot] != 0) {
            return false;
        }
        slots[slot] = hash;
        size++;
        if (size * 2L > slots.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] wider = new long[slots.length * 2];
        Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> wider[slot(wider, hash)] = hash);
        slots = wider;
    }

    /** Where the hash stands or would stand: linear probing from its own bits, which are as good as random. */
    private static int slot(long[] table, long hash) {
        int slot = (int) hash & (table.length - 1);
        while (table[slot] != 0 && table[slot] != hash) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
