package io.identitybridge.source;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.identitybridge.files.SourceFile.Ldap;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** One bound connection: 10 s to connect, 60 s for an answer, 64 MiB an entry, referrals not followed. No password goes over a wire in the clear: ldap:// turns to TLS first, except on this machine. */
final class LdapConnection implements LdapServer {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 60_000;
    private static final int LARGEST = 64 << 20;
    private static final Set<String> HERE = Set.of("localhost", "::1");

    private final LDAPConnection connection;

    private LdapConnection(LDAPConnection connection) {
        this.connection = connection;
    }

    /** Connects as the file says; the texts are filled in at once, so that a faulty one is told before anything is sent. */
    static Door door(String url, Ldap ldap, Settings settings, Faults faults) {
        LDAPURL address = address(settings.fill(url), faults);
        boolean secure = address.getScheme().equals("ldaps");
        boolean turned = !secure && ldap.startTls().orElse(!isHere(address.getHost()));
        if (!secure && !turned && !isHere(address.getHost())) {
            throw faults.of("ldap.start-tls: without TLS the password would go over the network in the clear; set an ldaps:// address, or take start-tls: false away");
        }
        SSLContext trust = LdapTls.context(ldap.ca().map(settings::fill).filter(ca -> !ca.isBlank()), faults);
        String user = settings.fill(ldap.user());
        String password = settings.fill(ldap.password());
        if (user.isBlank() || password.isBlank()) {
            throw faults.of("ldap: without user and password the server would take the bridge for nobody and show less (RFC 4513 section 5.1.2); set both");
        }
        return () -> {
            LDAPConnection connection = secure ? new LDAPConnection(trust.getSocketFactory(), options(), address.getHost(), address.getPort())
                : new LDAPConnection(options(), address.getHost(), address.getPort());
            try {
                if (turned) {
                    connection.processExtendedOperation(new StartTLSExtendedRequest(trust));
                    if (connection.getSSLSession() == null) {
                        throw new LDAPException(ResultCode.CONFIDENTIALITY_REQUIRED, "no TLS after StartTLS");
                    }
                }
                connection.bind(new SimpleBindRequest(user, password));
                return new LdapConnection(connection);
            } catch (LDAPException refused) {
                connection.close();
                throw refused;
            }
        };
    }

    @Override
    public SearchResult search(SearchRequest request) throws LDAPException {
        SearchResult result = connection.search(request);
        if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
            throw new LDAPException(result);
        }
        return result;
    }

    @Override
    public void close() {
        connection.close();
    }

    private static LDAPConnectionOptions options() {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(CONNECT_MILLIS);
        options.setResponseTimeoutMillis(ANSWER_MILLIS);
        options.setAbandonOnTimeout(true);
        options.setMaxMessageSize(LARGEST);
        options.setFollowReferrals(false);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        return options;
    }

    private static LDAPURL address(String url, Faults faults) {
        try {
            LDAPURL address = new LDAPURL(url.strip());
            if (address.hostProvided() && !address.baseDNProvided() && !address.filterProvided() && Set.of("ldap", "ldaps").contains(address.getScheme())) {
                return address;
            }
        } catch (LDAPException noAddress) {
            // Told below, as an address with a base is: both are mended in the same place.
        }
        throw faults.of("url: '" + Faults.shown(url) + "' is no ldap://host:port or ldaps://host:port; look at the setting it comes from");
    }

    private static boolean isHere(String host) {
        return HERE.contains(host.toLowerCase(Locale.ROOT)) || host.matches("127(\\.\\d{1,3}){3}");
    }
}
