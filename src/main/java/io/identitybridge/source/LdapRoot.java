package io.identitybridge.source;

import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says of itself in its root (RFC 4512 section 5.1), and Active Directory besides.
 *
 * @param invocation which copy of the directory answers: each domain controller has its own, and a new one after it was restored; empty where it is none or may not be seen
 * @param highest    the last update sequence number that this domain controller has given; 0 where it is none
 */
record LdapRoot(Set<String> controls, Optional<String> domain, Optional<String> invocation, long highest) {
    /** Deleted objects are found too (MS-ADTS section 3.1.1.3.4.1.14). */
    static final Control SHOW_DELETED = new Control("1.2.840.113556.1.4.417", true);
    private static final String EXTENDED = "1.2.840.113556.1.4.529";
    /** DNs come with the GUID of what they name (MS-ADTS section 3.1.1.3.4.1.5). */
    static final Control EXTENDED_DN = new Control(EXTENDED, true, new ASN1OctetString(new ASN1Sequence(new ASN1Integer(1)).encode()));

    static LdapRoot of(LdapCalls calls) {
        Entry root = only(calls.ask("root", base("", "supportedControl", "dsServiceName", "defaultNamingContext", "highestCommittedUSN").request())).orElseGet(() -> new Entry(""));
        Optional<String> invocation = Optional.ofNullable(root.getAttributeValue("dsServiceName"))
            .flatMap(service -> calls.found("dsServiceName", base(service, "invocationId").request())).flatMap(LdapRoot::only)
            .flatMap(service -> Optional.ofNullable(service.getAttributeValueBytes("invocationId"))).map(bytes -> LdapRecords.text("objectGUID", bytes));
        String[] controls = root.getAttributeValues("supportedControl");
        return new LdapRoot(controls == null ? Set.of() : Set.copyOf(List.of(controls).stream().distinct().toList()), Optional.ofNullable(root.getAttributeValue("defaultNamingContext")),
            invocation, Optional.ofNullable(root.getAttributeValue("highestCommittedUSN")).flatMap(Json::whole).orElse(0L));
    }

    /** One entry by its DN. */
    static LdapPages.Query base(String dn, String... attributes) {
        return new LdapPages.Query(dn, SearchScope.BASE, Filter.createPresenceFilter("objectClass"), attributes, List.of());
    }

    static Optional<Entry> only(SearchResult result) {
        return result.getSearchEntries().stream().map(Entry.class::cast).findFirst();
    }

    /** Whether members can be had with their GUIDs, so that no DN has to be looked up. */
    boolean tellsGuids() {
        return controls.contains(EXTENDED);
    }

    /** Where deleted objects are kept; empty where this is no Active Directory. */
    Optional<String> deletedObjects() {
        return controls.contains(SHOW_DELETED.getOID()) ? domain.map(name -> "CN=Deleted Objects," + name) : Optional.empty();
    }
}
