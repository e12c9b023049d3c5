package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What goes together where a source is read by LDAP, and what belongs to LDAP alone where it is not. */
record LdapChecks(Tree tree, Consumer<FileFault> faults) {
    private static final Set<String> OF_HTTP = Set.of("path", "query", "page", "items", "when", "repeated", "for-each", "member", "member-keep", "by-id", "count", "children", "expand");
    private static final Set<String> OF_LDAP = Set.of("base", "scope", "filter", "attributes", "multi-valued");
    private static final List<String> CURSORS = List.of("/uSNChanged", "/modifyTimestamp");
    private static final Pattern ATTRIBUTE = Pattern.compile("/[A-Za-z0-9.;-]{1,200}");

    /** Whether the file is one of LDAP. */
    boolean on() {
        return tree.get("ldap").isPresent();
    }

    void file() {
        if (!on()) {
            return;
        }
        for (String key : List.of("auth", "page", "budget", "cursor-expired")) {
            Optional.ofNullable(tree.entries().get(key)).ifPresent(entry ->
                    faults.accept(entry.keyAt().fault("'" + key + "' is for HTTP, and ldap in line " + tree.get("ldap").orElseThrow().at().line() + " says that this source is read by LDAP", "take one of the two away")));
        }
        tree.get("read").flatMap(read -> read.get("members")).ifPresent(members ->
                faults.accept(members.at().fault("LDAP has no list of members: they stand inside the groups", "take it away, and write members: /member under groups")));
    }

    void list(String name, Tree list) {
        list.entries().forEach((key, entry) -> {
            if (on() && OF_HTTP.contains(key)) {
                faults.accept(entry.keyAt().fault("'" + key + "' is for HTTP, and this source is read by LDAP", "take it away; see base, filter and attributes"));
            }
            if (!on() && OF_LDAP.contains(key)) {
                faults.accept(entry.keyAt().fault("'" + key + "' is for LDAP, and this source is read by HTTP", "take it away, or write an ldap section"));
            }
        });
        if (!on() || !(list instanceof Tree.Branch) || name.equals("members")) {
            return;
        }
        require(list, "base", "a list needs below which entry it is", "add base: the DN to search below");
        require(list, "filter", "a list needs which entries are in it", "add filter: for example (objectClass=person)");
        require(list, "id", "'" + name + "' needs which attribute is a record's id", "add id: /entryUUID, or /objectGUID in Active Directory");
        for (String key : List.of("id", "members", "cursor", "removed")) {
            list.get(key).ifPresent(value -> value.asText().filter(text -> !ATTRIBUTE.matcher(text).matches()).ifPresent(text ->
                    faults.accept(value.at().fault("'" + text + "' is no attribute", "write / and its name, for example /entryUUID"))));
        }
        cursor(list);
        list.get("members").filter(members -> !name.equals("groups")).ifPresent(members -> faults.accept(members.at().fault("only groups have members", "take it away")));
        list.get("nested").filter(nested -> list.get("members").isEmpty()).ifPresent(nested ->
                faults.accept(nested.at().fault("nested says what becomes of members that are groups, and no members are read here", "add members: /member")));
    }

    private void cursor(Tree list) {
        list.get("cursor").ifPresent(cursor -> cursor.asText().filter(text -> !CURSORS.contains(text)).ifPresent(text ->
                faults.accept(cursor.at().fault("no changes can be asked for by '" + text + "'", "write /uSNChanged for Active Directory, or /modifyTimestamp"))));
        list.get("removed").filter(removed -> list.text("cursor").filter("/uSNChanged"::equals).isEmpty()).ifPresent(removed ->
                faults.accept(removed.at().fault("deleted entries can be asked for by /uSNChanged only", "take it away, or add cursor: /uSNChanged")));
    }

    private void require(Tree list, String key, String wrong, String todo) {
        if (list.get(key).isEmpty() && !Findings.misspelt(list, key)) {
            faults.accept(list.at().fault(wrong, todo));
        }
    }
}
