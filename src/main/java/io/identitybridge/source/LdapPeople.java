package io.identitybridge.source;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.List;
import java.util.Optional;

/** Whose id a member's DN is: from the list of users where that was read, else asked for one by one, or by one more reading of the list where that is quicker. */
final class LdapPeople {
    /** More DNs than these in one group are not asked for one by one. */
    private static final int ONE_BY_ONE = 1_000;

    private final LdapCalls calls;
    private final LdapPages pages;
    private final LdapList users;
    private final DnIds ids = new DnIds();
    private final SeenIds nobody = new SeenIds();
    private boolean readAgain;

    LdapPeople(LdapCalls calls, LdapPages pages, LdapList users) {
        this.calls = calls;
        this.pages = pages;
        this.users = users;
    }

    void put(String dn, String id) {
        ids.put(dn, id);
    }

    Optional<String> known(String dn) {
        return ids.get(dn);
    }

    /** Asks the server about some; whoever is not on the list of users is nobody, as a computer or a contact is. */
    List<String> ask(List<String> dns) {
        if (dns.size() > ONE_BY_ONE && !readAgain) {
            readAgain = true;
            pages.read("users: ids", users.query(Optional.empty(), new String[] {users.records().id()}), new LdapPages.Taker() {
                @Override
                public void begin() {
                    // What was put before is put again.
                }

                @Override
                public void page(LdapPages.Page page) {
                    page.entries().forEach(entry -> ids.put(entry.getDN(), users.records().id("users: ids", entry)));
                }
            });
        }
        return dns.stream().flatMap(dn -> ids.get(dn).or(() -> readAgain ? Optional.empty() : alone(dn)).stream()).toList();
    }

    private Optional<String> alone(String dn) {
        if (nobody.has(LdapRecords.key(dn)) || !below(dn)) {
            return Optional.empty();
        }
        LdapPages.Query query = new LdapPages.Query(dn, SearchScope.BASE, users.filter(), new String[] {users.records().id()}, List.of());
        Optional<String> id = calls.found("users: a member", query.request()).flatMap(LdapRoot::only).map(entry -> users.records().id("users: a member", entry));
        id.ifPresentOrElse(found -> ids.put(dn, found), () -> nobody.add(LdapRecords.key(dn)));
        return id;
    }

    /** Whether this DN, where the list of users looks, names nobody whom this account sees: somebody deleted, or hidden from it, or no person. Told after {@link #ask}. */
    boolean unseen(String dn) {
        return ids.get(dn).isEmpty() && below(dn);
    }

    private boolean below(String dn) {
        try {
            return DN.isDescendantOf(dn, users.base(), true);
        } catch (LDAPException noDn) {
            // A value that is no DN names nobody.
            return false;
        }
    }
}
