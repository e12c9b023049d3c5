package io.identitybridge.real;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Samba as an Active Directory domain controller, LDAP only. Its ports cannot be chosen, so it gets a loopback address of its own (127.x.y.1); that needs
 * root, as Samba does anyway. Ends with the test.
 */
final class SambaAd implements AutoCloseable {
    static final String BASE = "DC=acme,DC=example";
    static final String READER = "bridge@acme.example";
    static final String PASSWORD = "For.Tests.0nly";
    private static final Duration START = Duration.ofMinutes(1);
    /** Lets one account see what was deleted: List Contents and Read Property on the container, as dsacls gives them. */
    private static final String GRANT = """
            import sys
            from ldb import SCOPE_BASE, Message, MessageElement, FLAG_MOD_REPLACE
            from samba.auth import system_session
            from samba.dcerpc import security
            from samba.ndr import ndr_pack, ndr_unpack
            from samba.param import LoadParm
            from samba.samdb import SamDB
            conf, private, dn, account = sys.argv[1:]
            lp = LoadParm()
            lp.load(conf)
            db = SamDB(private, session_info=system_session(), lp=lp)
            sid = ndr_unpack(security.dom_sid, db.search(expression="(userPrincipalName=" + account + ")", attrs=["objectSid"])[0]["objectSid"][0])
            found = db.search(dn, scope=SCOPE_BASE, controls=["show_deleted:1"], attrs=["nTSecurityDescriptor"])
            domain = security.dom_sid(db.get_domain_sid())
            old = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0]).as_sddl(domain)
            cut = old.index("(", old.index("D:"))
            new = security.descriptor.from_sddl(old[:cut] + "(A;CI;LCRP;;;" + str(sid) + ")" + old[cut:], domain)
            change = Message(found[0].dn)
            change["nTSecurityDescriptor"] = MessageElement(ndr_pack(new), FLAG_MOD_REPLACE, "nTSecurityDescriptor")
            db.modify(change, controls=["show_deleted:1", "sd_flags:1:4"])
            """;

    private final Path home;
    private final String address;
    private final Process process;

    private SambaAd(Path home, String address, Process process) {
        this.home = home;
        this.address = address;
        this.process = process;
    }

    static SambaAd start(Path folder) throws Exception {
        Path home = Files.createDirectories(folder);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String address = "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + ".1";
        PemFiles.write(home, "ip:" + address);
        OpenLdap.run(home, "samba-tool", "domain", "provision", "--targetdir=" + home.resolve("ad"), "--realm=ACME.EXAMPLE", "--domain=ACME", "--server-role=dc", "--dns-backend=NONE", "--adminpass=" + PASSWORD,
                "--host-name=dc1", "--host-ip=" + address, "--option=interfaces=" + address + "/8", "--option=bind interfaces only=yes");
        List<String> command = new ArrayList<>(List.of("samba", "--interactive", "--debug-stdout", "--model=single", "--configfile=" + home.resolve("ad/etc/smb.conf")));
        command.addAll(List.of("--option=server services=ldap", "--option=tls keyfile=" + home.resolve("tls.key"), "--option=tls certfile=" + home.resolve("tls.crt"), "--option=tls cafile="));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(home.resolve("samba.log").toFile()).start();
        SambaAd server = new SambaAd(home, address, process);
        Runtime.getRuntime().addShutdownHook(new Thread(server::end));
        server.ready();
        return server;
    }

    String url() {
        return "ldaps://" + address;
    }

    Path ca() {
        return home.resolve("tls.crt");
    }

    LDAPConnection admin() throws LDAPException {
        try {
            return new LDAPConnection(new SSLUtil(new TrustAllTrustManager()).createSSLSocketFactory(), address, 636, "administrator@acme.example", PASSWORD);
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void setPassword(String account) throws Exception {
        OpenLdap.run(home, "samba-tool", "user", "setpassword", account, "--newpassword=" + PASSWORD, "-H", home.resolve("ad/private/sam.ldb").toString());
    }

    /** Gives the reader the right to see deleted objects. */
    void showDeleted() throws Exception {
        Path script = Files.writeString(home.resolve("grant.py"), GRANT);
        OpenLdap.run(home, "/usr/bin/python3", script.toString(), home.resolve("ad/etc/smb.conf").toString(), home.resolve("ad/private/sam.ldb").toString(), "CN=Deleted Objects," + BASE, READER);
    }

    private void ready() throws IOException, InterruptedException {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < START.toNanos() && process.isAlive(); Thread.sleep(200)) {
            try (LDAPConnection connection = admin()) {
                if (connection.getEntry(BASE) != null) {
                    return;
                }
            } catch (LDAPException notYet) {
                // Asked again in a moment.
            }
        }
        end();
        throw new IllegalStateException("Samba did not start on " + address + ":\n" + Files.readString(home.resolve("samba.log")));
    }

    private void end() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws InterruptedException {
        end();
        process.waitFor(20, TimeUnit.SECONDS);
    }
}
