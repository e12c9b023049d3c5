package io.identitybridge.source;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Scope;
import io.identitybridge.files.SourceFile.Search;
import java.util.List;
import java.util.Optional;

/** One list of the file with its texts filled in. */
record LdapList(Resource resource, Search search, LdapRecords records, String base, Filter filter) {
    static LdapList of(Resource resource, Search search, Settings settings, Faults faults) {
        String filter = settings.fill(search.filter());
        try {
            return new LdapList(resource, search, new LdapRecords(resource, search, faults), settings.fill(search.base()), Filter.create(filter));
        } catch (LDAPException noFilter) {
            throw faults.of(resource.name() + ": '" + Faults.shown(filter) + "' is no LDAP filter");
        }
    }

    String name() {
        return resource.name();
    }

    /** These entries, and of them those that {@code more} lets through. */
    LdapPages.Query query(Optional<Filter> more, String[] attributes, Control... controls) {
        Filter all = more.map(narrower -> Filter.createANDFilter(filter, narrower)).orElse(filter);
        return new LdapPages.Query(base, scope(search.scope()), all, attributes, List.of(controls));
    }

    private static SearchScope scope(Scope scope) {
        return switch (scope) {
            case BASE -> SearchScope.BASE;
            case ONE -> SearchScope.ONE;
            case SUB -> SearchScope.SUB;
        };
    }
}
