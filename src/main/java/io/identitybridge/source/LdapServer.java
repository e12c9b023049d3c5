package io.identitybridge.source;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;

/** What answers searches: a server, or the pages recorded in a test. */
interface LdapServer extends AutoCloseable {
    /** Fails with any result but success; what had come until then is not given. */
    SearchResult search(SearchRequest request) throws LDAPException;

    @Override
    default void close() {
    }

    /** Opens a connection that is bound already. */
    @FunctionalInterface
    interface Door {
        LdapServer open() throws LDAPException;
    }
}
