package io.identitybridge.source;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads a list in pages (RFC 2696) to its end. The last page is handed on only once the account is seen to read the base still. */
final class LdapPages {
    /** Without rights some servers give an entry's name and no attribute. */
    private static final String SHOWN = "objectClass";

    private final LdapCalls calls;
    private final int size;
    private final Clock clock;
    private final Limits limits;
    private final Faults faults;

    LdapPages(LdapCalls calls, int size, Clock clock, Limits limits, Faults faults) {
        this.calls = calls;
        this.size = size;
        this.clock = clock;
        this.limits = limits;
        this.faults = faults;
    }

    /** What is searched for. */
    record Query(String base, SearchScope scope, Filter filter, String[] attributes, List<Control> controls) {
        SearchRequest request() {
            SearchRequest request = new SearchRequest(base, scope, DereferencePolicy.NEVER, 0, 0, false, filter, attributes);
            controls.forEach(request::addControl);
            return request;
        }
    }

    /** One page, from 1. */
    record Page(int number, boolean last, List<SearchResultEntry> entries, Instant askedAt) {
    }

    /** Takes a list's pages. */
    interface Taker {
        /** From the first page on: what was handed on of this list before is void. */
        void begin();

        void page(Page page);
    }

    /** A connection that breaks makes the list begin anew: a cookie is good on its own connection only. */
    void read(String label, Query query, Taker taker) {
        for (int tries = 1; ; tries++) {
            try {
                taker.begin();
                pass(label, query, taker);
                return;
            } catch (LdapCalls.Broken broken) {
                calls.again(label, broken, tries);
            }
        }
    }

    private void pass(String label, Query query, Taker taker) {
        mayRead(label, query);
        Optional<ASN1OctetString> cookie = Optional.empty();
        long entries = 0;
        for (int number = 1; ; number++) {
            String what = label + ": page " + number;
            SearchRequest request = query.request();
            request.addControl(new SimplePagedResultsControl(size, cookie.orElse(null), true));
            Instant askedAt = clock.instant();
            SearchResult result = cookie.isEmpty() ? calls.ask(what, request) : calls.goOn(what, request);
            entries += result.getSearchEntries().size();
            if (number > limits.pages() || entries > limits.items()) {
                throw faults.of(label + ": more than " + (number > limits.pages() ? limits.pages() + " pages" : limits.items() + " entries") + "; the list seems to have no end");
            }
            cookie = next(what, result);
            if (cookie.isEmpty()) {
                mayRead(label, query);
            }
            taker.page(new Page(number, cookie.isEmpty(), result.getSearchEntries(), askedAt));
            if (cookie.isEmpty()) {
                return;
            }
        }
    }

    /** Rights taken away make entries vanish without an error, so the base is looked at before and after. */
    void mayRead(String label, Query query) {
        Query base = new Query(query.base(), SearchScope.BASE, Filter.createPresenceFilter("objectClass"), new String[] {SHOWN}, query.controls());
        if (calls.found(label + ": base", base.request()).flatMap(LdapRoot::only).filter(entry -> entry.hasAttribute(SHOWN)).isEmpty()) {
            throw faults.of(label + ": the base " + Faults.shown(query.base()) + " is not there, or this account may not read it; look at base in the source file and at the rights of the account");
        }
    }

    private Optional<ASN1OctetString> next(String what, SearchResult result) {
        try {
            SimplePagedResultsControl control = Optional.ofNullable(SimplePagedResultsControl.get(result)).orElseThrow(() ->
                faults.of(what + ": the answer does not say whether it is the last page (RFC 2696); this server cannot be read"));
            return Optional.of(control.getCookie()).filter(cookie -> cookie.getValueLength() > 0);
        } catch (LDAPException broken) {
            throw faults.of(what + ": what the answer says of the next page cannot be read; the server's answer is broken");
        }
    }
}
