package io.identitybridge.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The files of the server: made once by {@code initdb}, of one major version, reached by a password made for it. */
record PostgresCluster(Path directory, Path programs, ServerRights rights, String password) {
    static final String USER = "bridge";

    /** Opens the cluster under the data directory, or makes it: UTF-8, code point order, passwords by SCRAM. */
    static PostgresCluster open(Path data, Durability durability) throws IOException {
        Path programs = PostgresBinaries.unpack(data.resolve("postgres-bin"));
        Path directory = data.resolve("postgres");
        ServerRights rights = ServerRights.find(directory, programs);
        String version = version(rights, programs);
        if (Files.isDirectory(directory)) {
            refuseOther(version, directory);
        } else {
            make(data, directory, programs, rights, durability);
        }
        PostgresBinaries.keepOnly(programs);
        return new PostgresCluster(directory, programs, rights, password(data));
    }

    private static String version(ServerRights rights, Path programs) throws IOException {
        Command asked = Command.run(rights.command(programs.resolve("bin/postgres").toString(), "--version"));
        if (!asked.worked()) {
            throw PostgresUnavailable.because("The packed PostgreSQL does not run on this machine (it needs Linux with glibc): " + asked.output() + ".");
        }
        return asked.output().replaceFirst("^\\D*(\\d+).*$", "$1");
    }

    private static void refuseOther(String version, Path directory) throws IOException {
        String found = Files.readString(directory.resolve("PG_VERSION")).strip();
        if (!found.equals(version)) {
            throw PostgresUnavailable.because(directory + " was made by PostgreSQL " + found + ", and this bridge brings PostgreSQL " + version
                    + ", which cannot read it. Start the bridge version that made it and move its data, or name an empty directory by BRIDGE_DATA.");
        }
    }

    private static void make(Path data, Path directory, Path programs, ServerRights rights, Durability durability) throws IOException {
        OwnerOnly.file(passwordFile(data), newPassword());
        Path fresh = data.resolve("postgres.new"); // renamed when whole, so that a broken-off start leaves no half cluster
        PostgresBinaries.deleteTree(fresh);
        Files.createDirectory(fresh, OwnerOnly.DIRECTORY);
        Path shown = OwnerOnly.file(data.resolve("postgres.new.password"), password(data));
        rights.give(fresh);
        rights.give(shown);
        List<String> words = new ArrayList<>(rights.command(programs.resolve("bin/initdb").toString(), "-D", fresh.toString(), "-U", USER,
                "-A", "scram-sha-256", "--pwfile", shown.toString(), "-E", "UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        if (durability == Durability.NONE) {
            words.add("--no-sync");
        }
        Command made = Command.run(words);
        Files.delete(shown);
        if (!made.worked()) {
            throw PostgresUnavailable.because("initdb failed: " + made.output() + ".");
        }
        Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String newPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static String password(Path data) throws IOException {
        if (!Files.isRegularFile(passwordFile(data))) {
            throw PostgresUnavailable.because(passwordFile(data) + " is missing: restore it from the backup of the data directory.");
        }
        return Files.readString(passwordFile(data)).strip();
    }

    private static Path passwordFile(Path data) {
        return data.resolve("postgres-password");
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "PostgresCluster[" + directory + "]";
    }
}
