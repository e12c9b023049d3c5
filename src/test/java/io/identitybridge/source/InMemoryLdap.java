package io.identitybridge.source;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldif.LDIFException;
import io.identitybridge.files.FileReader;
import io.identitybridge.files.SourceFile;
import io.identitybridge.model.SourceName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** UnboundID's in-memory directory server on a free port of this machine, read as the shipped {@code routes/ldap.source.yaml} says, edited. */
final class InMemoryLdap implements AutoCloseable {
    static final String BASE = "dc=acme,dc=com";
    static final String PEOPLE = "ou=people," + BASE;
    static final String GROUPS = "ou=groups," + BASE;

    final InMemoryDirectoryServer server;
    final List<String> asked = new ArrayList<>();
    Intercept before = request -> { };
    UnaryOperator<SearchResultEntry> entries = entry -> entry;
    private int page = 500;

    /** Looks at a search before the server does; may fail it, or change the directory first. */
    interface Intercept {
        void search(InMemoryInterceptedSearchRequest request) throws LDAPException;
    }

    InMemoryLdap() throws LDAPException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.addAdditionalBindCredentials("cn=reader", "for-tests-only");
        config.setListenerConfigs(new InMemoryListenerConfig("here", InetAddress.getLoopbackAddress(), 0, null, null, null));
        config.addInMemoryOperationInterceptor(new InMemoryOperationInterceptor() {
            @Override
            public void processSearchRequest(InMemoryInterceptedSearchRequest request) throws LDAPException {
                synchronized (asked) {
                    asked.add(request.getRequest().getScope() + " " + request.getRequest().getBaseDN() + " " + request.getRequest().getFilter());
                }
                before.search(request);
            }

            @Override
            public void processSearchEntry(InMemoryInterceptedSearchEntry entry) {
                entry.setSearchEntry(entries.apply(entry.getSearchEntry()));
            }
        });
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        add("dn: " + BASE, "objectClass: domain", "dc: acme");
        add("dn: " + PEOPLE, "objectClass: organizationalUnit", "ou: people");
        add("dn: " + GROUPS, "objectClass: organizationalUnit", "ou: groups");
    }

    InMemoryLdap pages(int size) {
        page = size;
        return this;
    }

    /** Adds somebody; gives his id. */
    String person(String uid) throws LDAPException {
        add("dn: uid=" + uid + "," + PEOPLE, "objectClass: inetOrgPerson", "uid: " + uid, "cn: " + uid, "sn: " + uid, "mail: " + uid + "@acme.com");
        return id("uid=" + uid + "," + PEOPLE);
    }

    /** Adds a group of these DNs; gives its id. */
    String group(String cn, String... members) throws LDAPException {
        List<String> lines = new ArrayList<>(List.of("dn: cn=" + cn + "," + GROUPS, "objectClass: groupOfNames", "cn: " + cn));
        List.of(members).forEach(member -> lines.add("member: " + member));
        add(lines.toArray(String[]::new));
        return id("cn=" + cn + "," + GROUPS);
    }

    private void add(String... lines) throws LDAPException {
        try {
            server.add(lines);
        } catch (LDIFException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    String id(String dn) throws LDAPException {
        return server.getEntry(dn, "entryUUID").getAttributeValue("entryUUID");
    }

    static String dn(String uid) {
        return "uid=" + uid + "," + PEOPLE;
    }

    static String groupDn(String cn) {
        return "cn=" + cn + "," + GROUPS;
    }

    IdpReader reader(String... edits) {
        return reader(Map.of(), edits);
    }

    /** @param edits from, to, from, to: passages of the source file */
    IdpReader reader(Map<String, String> settings, String... edits) {
        Map<String, String> texts = new TreeMap<>(FileReader.texts(Path.of("routes"), Path.of("mappings")));
        texts.computeIfPresent("routes/ldap.source.yaml", (name, text) -> {
            String edited = text.replace("page-size: 500", "page-size: " + page);
            for (int i = 0; i < edits.length; i += 2) {
                if (!edited.contains(edits[i])) {
                    throw new IllegalArgumentException("no " + edits[i]);
                }
                edited = edited.replace(edits[i], edits[i + 1]);
            }
            return edited;
        });
        SourceFile file = FileReader.read(texts).source(new SourceName("ldap")).orElseThrow();
        Map<String, String> values = new TreeMap<>(Map.of("LDAP_URL", "ldap://127.0.0.1:" + server.getListenPort(), "LDAP_USER", "cn=reader", "LDAP_PASSWORD", "for-tests-only", "LDAP_BASE", BASE));
        values.putAll(settings);
        Settings.Resolved resolved = Settings.resolve(file, name -> Optional.ofNullable(values.get(name)), name -> Optional.empty());
        return IdpReader.of(file, ((Settings.Resolved.Complete) resolved).settings(), request -> null, time -> { }, Clock.systemUTC());
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
