package io.identitybridge.source;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import io.identitybridge.files.SourceFile.Retry;
import java.util.Optional;

/** Searches over one connection that is opened when needed and again when it broke, and tries again as the source's retry rule says. */
final class LdapCalls implements AutoCloseable {
    private final LdapServer.Door door;
    private final Retry retry;
    private final Waits waits;
    private final Pause pause;
    private final Faults faults;
    private Optional<LdapServer> open = Optional.empty();

    LdapCalls(LdapServer.Door door, Retry retry, Waits waits, Pause pause, Faults faults) {
        this.door = door;
        this.retry = retry;
        this.waits = waits;
        this.pause = pause;
        this.faults = faults;
    }

    /** The connection broke, or the server was busy, in the middle of a list: its cookie is good for that connection only, so the list begins anew. */
    static final class Broken extends RuntimeException {
        private final transient LDAPException why;

        Broken(LDAPException why) {
            super("broken off", null, false, false);
            this.why = why;
        }
    }

    /** The answer to a search that stands for itself. {@code what} names it for people: {@code users: page 3}. */
    SearchResult ask(String what, SearchRequest request) {
        return found(what, request).orElseThrow(() -> faults.of(LdapFaults.words(what, new LDAPException(ResultCode.NO_SUCH_OBJECT), 1)));
    }

    /** As {@link #ask}; empty where the server says that there is no such entry. */
    Optional<SearchResult> found(String what, SearchRequest request) {
        for (int tries = 1; ; tries++) {
            try {
                return once(server(), request);
            } catch (LDAPException fault) {
                again(what, fault, tries);
            }
        }
    }

    /** The next page of a list that was begun on this connection. */
    SearchResult goOn(String what, SearchRequest request) {
        try {
            return server().search(request);
        } catch (LDAPException fault) {
            if (LdapFaults.again(fault.getResultCode())) {
                throw new Broken(fault);
            }
            throw faults.of(LdapFaults.words(what, fault, 1));
        }
    }

    /** Waits before a list begins anew, or ends the run when it was tried often enough. */
    void again(String what, Broken broken, int tries) {
        again(what, broken.why, tries);
    }

    @Override
    public synchronized void close() {
        open.ifPresent(LdapServer::close);
        open = Optional.empty();
    }

    private void again(String what, LDAPException fault, int tries) {
        if (!LdapFaults.again(fault.getResultCode()) || tries >= retry.attempts()) {
            throw faults.of(LdapFaults.words(what, fault, tries));
        }
        close();
        try {
            pause.sleep(waits.after(tries));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw faults.of(what + ": stopped before it was answered");
        }
    }

    private static Optional<SearchResult> once(LdapServer server, SearchRequest request) throws LDAPException {
        try {
            return Optional.of(server.search(request));
        } catch (LDAPException fault) {
            if (fault.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    private synchronized LdapServer server() throws LDAPException {
        if (open.isEmpty()) {
            open = Optional.of(door.open());
        }
        return open.get();
    }
}
