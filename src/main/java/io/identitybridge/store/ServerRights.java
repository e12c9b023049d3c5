package io.identitybridge.store;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** How the server's programs are started: plainly; where the bridge runs as root, which PostgreSQL refuses, without root's rights. */
record ServerRights(List<String> prefix, long user) {
    private static final long ROOT = 0;
    private static final long NOBODY = 65534;

    /** Finds a way that works on this machine; an existing cluster goes on as the user who owns it. */
    static ServerRights find(Path cluster, Path programs) throws IOException {
        long me = new UnixSystem().getUid();
        if (me != ROOT) {
            return new ServerRights(List.of(), me);
        }
        for (ServerRights way : Files.isDirectory(cluster) ? waysOf(owner(cluster)) : waysOfNew()) {
            way.open(programs.getParent().getParent());
            if (way.worksWith(programs)) {
                return way;
            }
        }
        throw PostgresUnavailable.because("PostgreSQL does not run as root, and no way was found to start it without root's rights: "
                + "unshare -U, setpriv and chroot --userspec all failed. Run the bridge as an ordinary user, or install util-linux.");
    }

    List<String> command(String... words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(words));
        return all;
    }

    /** Gives a file of the server's to the server's user. */
    void give(Path path) throws IOException {
        if (owner(path) != user) {
            Files.setAttribute(path, "unix:uid", (int) user);
        }
    }

    private static List<ServerRights> waysOfNew() {
        List<ServerRights> ways = new ArrayList<>(waysOf(ROOT));
        ways.addAll(waysOf(NOBODY));
        return ways;
    }

    private static List<ServerRights> waysOf(long user) {
        if (user == ROOT) { // a user namespace: root's files stay reachable wherever they are, root's rights are gone
            return List.of(new ServerRights(List.of("unshare", "-U", "--"), ROOT));
        }
        return List.of(
                new ServerRights(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"), user),
                new ServerRights(List.of("chroot", "--userspec=" + user + ":" + user, "--groups=", "/"), user));
    }

    /** Lets another user pass through the data directory; what is in it keeps its own rights. */
    private void open(Path data) throws IOException {
        if (user != ROOT) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    private boolean worksWith(Path programs) {
        try {
            return Command.run(command("sh", "-c", "test \"$(id -u)\" != 0 && test -x \"$1\"", "sh", programs.resolve("bin/postgres").toString()))
                    .worked();
        } catch (IOException e) {
            return false; // the program is not installed: the next way is tried, and the last says what to install
        }
    }

    private static long owner(Path path) throws IOException {
        return ((Integer) Files.getAttribute(path, "unix:uid")).longValue();
    }
}
