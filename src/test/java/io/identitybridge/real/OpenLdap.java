package io.identitybridge.real;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's slapd on free ports of this machine, with its database in a folder; ends with the test. Size limit 500, except for paged reads of the reader, who has the rights of src/docs/setup-ldap.md and no others, and none to entries that are described as hidden. */
final class OpenLdap implements AutoCloseable {
    static final String BASE = "dc=acme,dc=com";
    static final String ADMIN = "cn=admin," + BASE;
    static final String READER = "cn=reader," + BASE;
    static final String PASSWORD = "for-tests-only";
    private static final Duration START = Duration.ofSeconds(30);
    private static final String CONF = """
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            moduleload memberof
            moduleload refint
            moduleload ppolicy
            pidfile %1$s/slapd.pid
            sizelimit 500
            TLSCertificateFile %1$s/tls.crt
            TLSCertificateKeyFile %1$s/tls.key
            database mdb
            maxsize 268435456
            suffix "dc=acme,dc=com"
            rootdn "cn=admin,dc=acme,dc=com"
            rootpw for-tests-only
            directory %1$s/db
            index objectClass,entryUUID,modifyTimestamp,member eq
            limits dn.exact="cn=reader,dc=acme,dc=com" size.soft=500 size.hard=500 size.prtotal=%2$s
            access to filter=(description=hidden) by dn.exact="cn=reader,dc=acme,dc=com" none by * break
            access to dn.subtree="dc=acme,dc=com" attrs=entry,children,objectClass,entryUUID,modifyTimestamp,uid,mail,cn,displayName,member,memberOf,pwdAccountLockedTime
              by dn.exact="cn=reader,dc=acme,dc=com" read by * break
            access to * by * auth
            overlay memberof
            overlay refint
            refint_attributes member
            overlay ppolicy
            """;
    private static final String FIRST = """
            dn: dc=acme,dc=com
            objectClass: domain
            dc: acme

            dn: cn=reader,dc=acme,dc=com
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: reader
            userPassword: for-tests-only

            dn: ou=people,dc=acme,dc=com
            objectClass: organizationalUnit
            ou: people

            dn: ou=left,dc=acme,dc=com
            objectClass: organizationalUnit
            ou: left

            dn: ou=groups,dc=acme,dc=com
            objectClass: organizationalUnit
            ou: groups
            """;

    private final Process process;
    private final int port;
    private final int tlsPort;

    private OpenLdap(Process process, int port, int tlsPort) {
        this.process = process;
        this.port = port;
        this.tlsPort = tlsPort;
    }

    /** @param paged how many entries the reader may have in pages: {@code unlimited} or a number */
    static OpenLdap start(Path folder, String paged) throws Exception {
        Path home = Files.createDirectories(folder);
        Files.createDirectories(home.resolve("db"));
        PemFiles.write(home);
        Files.writeString(home.resolve("slapd.conf"), CONF.formatted(home, paged));
        Files.writeString(home.resolve("first.ldif"), FIRST);
        run(home, "/usr/sbin/slapadd", "-q", "-f", home.resolve("slapd.conf").toString(), "-l", home.resolve("first.ldif").toString());
        int port = freePort();
        int tlsPort = freePort();
        Process process = new ProcessBuilder("/usr/sbin/slapd", "-d", "0", "-f", home.resolve("slapd.conf").toString(), "-h", "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/")
                .redirectErrorStream(true).redirectOutput(home.resolve("slapd.log").toFile()).start();
        OpenLdap server = new OpenLdap(process, port, tlsPort);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        server.ready(home);
        return server;
    }

    String url() {
        return "ldap://127.0.0.1:" + port;
    }

    String tlsUrl() {
        return "ldaps://127.0.0.1:" + tlsPort;
    }

    LDAPConnection admin() throws LDAPException {
        return new LDAPConnection("127.0.0.1", port, ADMIN, PASSWORD);
    }

    private void ready(Path home) throws IOException, InterruptedException {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < START.toNanos() && process.isAlive(); Thread.sleep(100)) {
            try (LDAPConnection connection = admin()) {
                if (connection.getEntry(BASE) != null) {
                    return;
                }
            } catch (LDAPException notYet) {
                // Asked again in a moment.
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("slapd did not start:\n" + Files.readString(home.resolve("slapd.log")));
    }

    /** Runs a program that is part of the test's needs; a machine that lacks it fails the test. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command[0] + ": " + said);
        }
        return said;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
