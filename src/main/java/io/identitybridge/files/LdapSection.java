package io.identitybridge.files;

import io.identitybridge.files.SourceFile.Ldap;
import io.identitybridge.files.SourceFile.Scope;
import io.identitybridge.files.SourceFile.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what a source file says of an LDAP server: {@code ldap:} and, under {@code read}, what each list asks for. */
final class LdapSection {
    /** Active Directory gives 1,000 entries a page at most, OpenLDAP 500 unless told otherwise. */
    private static final int PAGE = 500;

    private LdapSection() {
    }

    /** Empty for a source that is read by HTTP. */
    static Optional<Ldap> of(Read file) {
        if (!file.has("ldap")) {
            return Optional.empty();
        }
        Read ldap = file.in("ldap");
        Map<String, Search> searches = new LinkedHashMap<>();
        file.map("read", Read::new).forEach((name, list) -> searches.put(name, search(list)));
        return Optional.of(new Ldap(ldap.text("user"), ldap.text("password"), ldap.maybe("ca"), ldap.has("start-tls") ? Optional.of(ldap.flag("start-tls", true)) : Optional.empty(),
                ldap.number("page-size").orElse(PAGE), searches));
    }

    private static Search search(Read list) {
        return new Search(list.text("base"), Scope.valueOf(list.maybe("scope").orElse("sub").toUpperCase(Locale.ROOT)), list.text("filter"),
                list.texts("attributes").orElse(List.of()), list.texts("multi-valued").orElse(List.of()), list.maybe("nested").orElse("direct").equals("flatten"),
                list.tree().get("filter").orElse(list.tree()).at());
    }
}
