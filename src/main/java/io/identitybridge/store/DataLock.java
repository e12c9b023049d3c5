package io.identitybridge.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a data directory for one bridge by a lock of the operating system, which ends however the bridge ends. */
final class DataLock implements AutoCloseable {
    /** POSIX drops a process's lock when any of its channels on the file is closed, so no second one is opened here. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DataLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static DataLock take(Path data) throws IOException {
        Path file = data.resolve("bridge.lock");
        if (!HELD_HERE.add(file)) {
            throw taken(data, String.valueOf(ProcessHandle.current().pid()));
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, Set.of(CREATE, READ, WRITE), OwnerOnly.FILE);
            if (channel.tryLock() == null) {
                throw taken(data, owner(channel));
            }
            write(channel, String.valueOf(ProcessHandle.current().pid()));
            return new DataLock(file, channel);
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(file);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD_HERE.remove(file);
    }

    private static PostgresUnavailable taken(Path data, String owner) {
        return PostgresUnavailable.taken("The data directory " + data + " is in use by another bridge (process " + owner
                + "). Stop that one, or give this one its own directory by BRIDGE_DATA.");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String owner = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return owner.isEmpty() ? "unknown" : owner;
    }

    private static void write(FileChannel channel, String owner) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
