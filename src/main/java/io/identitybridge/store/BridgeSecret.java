package io.identitybridge.store;

import io.identitybridge.model.BadSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code BRIDGE_SECRET}: what opens the master key of this database. At least 32 characters, the same on all bridges that share it. */
final class BridgeSecret {
    private static final int SHORTEST = 32;
    private static final int LONGEST = 64 * 1024;
    private final byte[] value;
    private final String place;

    private BridgeSecret(String value, String place) {
        this.value = value.getBytes(StandardCharsets.UTF_8);
        this.place = place;
    }

    /**
     * Empty where none is given. Throws {@link BadSetting} for one that is too short.
     *
     * @param name as operators set it
     */
    static Optional<BridgeSecret> given(String name, String value) {
        return given(name, "***", name, value);
    }

    /**
     * What a mounted file says; empty where none is named. Throws {@link BadSetting} for one that cannot be read, and for a secret that is too short: a bridge that went on
     * without would take it for a database that needs none.
     *
     * @param name as operators set it
     * @param file its path
     */
    static Optional<BridgeSecret> mounted(String name, String file) {
        if (file.isBlank()) {
            return Optional.empty();
        }
        Path path = Path.of(file.strip());
        try {
            String text = Files.size(path) > LONGEST ? "" : Files.readString(path);
            if (text.isBlank()) {
                throw new BadSetting(name, path.toString(), "That file holds no secret, or is none: put one of 'openssl rand -base64 32' there, the same for every bridge on this database.");
            }
            return given(name, path.toString(), name + " (" + path + ")", text);
        } catch (IOException | UncheckedIOException unreadable) {
            throw new BadSetting(name, path.toString(), "That file cannot be read (" + unreadable.getClass().getSimpleName() + "): mount it where this user may read it, or take the setting away.");
        }
    }

    private static Optional<BridgeSecret> given(String name, String shown, String place, String value) {
        String said = value.strip();
        if (said.isEmpty()) {
            return Optional.empty();
        }
        if (said.length() < SHORTEST) {
            throw new BadSetting(name, shown, "It has " + said.length() + " characters and needs at least " + SHORTEST + ": make one by 'openssl rand -base64 32', and give the same to every bridge on this database.");
        }
        return Optional.of(new BridgeSecret(said, place));
    }

    /** Made at the first start in {@code <data>/secret}, owner-only. */
    static BridgeSecret kept(Path data) {
        Path file = file(data);
        return new BridgeSecret(KeptSecret.in(file, "secret"), file.toString());
    }

    /** As an earlier start without {@code BRIDGE_SECRET} has left it. */
    static Optional<BridgeSecret> left(Path data) {
        return Files.isReadable(file(data)) ? Optional.of(kept(data)) : Optional.empty();
    }

    private static Path file(Path data) {
        return data.resolve("secret");
    }

    /** The key that seals the master key. */
    byte[] key(byte[] salt) {
        return Aes.derived(value, salt, "portkey-identity-bridge master key");
    }

    /** Where it comes from: the setting's name or the file. Never what it is. */
    String place() {
        return place;
    }

    @Override
    public String toString() {
        return "BridgeSecret[" + place + "]";
    }
}
