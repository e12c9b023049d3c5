package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a source's schema cannot say: which keys go together, and which names exist. */
record SourceChecks(Tree tree, Consumer<FileFault> faults) {
    private static final List<String> PAGINGS = List.of("next", "token", "offset", "number", "scim");
    private static final List<String> OURS = List.of("users", "groups", "members");
    private static final Map<String, Set<String>> AUTH = Map.of(
            "none", Set.of("type"),
            "header", Set.of("type", "name", "value"),
            "bearer", Set.of("type", "value"),
            "basic", Set.of("type", "user", "password"),
            "client-credentials", Set.of("type", "token-url", "client-id", "client-secret", "method", "audience", "assertion", "scope"),
            "jwt-bearer", Set.of("type", "token-url", "assertion", "scope"));

    void run() {
        new SettingChecks(tree, faults).run();
        Findings.namesOfTests(tree, faults);
        tree.get("page").ifPresent(this::paging);
        new LdapChecks(tree, faults).file();
        tree.get("auth").ifPresent(auth -> {
            auth.items().forEach(this::auth);
            auth(auth);
        });
        Map<String, Tree.Entry> lists = tree.get("read").map(Tree::entries).orElse(Map.of());
        List<String> earlier = new ArrayList<>();
        lists.forEach((name, entry) -> {
            nearOurs(name, entry.keyAt());
            list(name, entry.value(), earlier);
            earlier.add(name);
        });
        tree.get("at-least").ifPresent(least -> least.entries().forEach((name, entry) -> Findings.known("list", name, entry.keyAt(), lists.keySet(), faults)));
        for (Tree test : tree.get("tests").map(Tree::items).orElse(List.of())) {
            test.get("resource").ifPresent(at -> at.asText().ifPresent(name -> Findings.known("list", name, at.at(), lists.keySet(), faults)));
        }
    }

    /** Any name is a joined read: one that is almost ours is none. */
    private void nearOurs(String name, Where at) {
        if (!OURS.contains(name)) {
            DidYouMean.of(name, OURS).ifPresent(meant -> faults.accept(at.fault("a list called '" + name + "' would be a joined read", "did you mean '" + meant + "'?")));
        }
    }

    private void paging(Tree page) {
        List<String> given = PAGINGS.stream().filter(page.entries()::containsKey).toList();
        if (given.size() > 1) {
            faults.accept(page.at().fault("a page goes on in one way, and here are " + String.join(" and ", given), "keep one of them"));
        }
        if (page.get("size").isPresent() && given.isEmpty()) {
            faults.accept(page.at().fault("a size without a way to the next page reads only the first", "add one of " + String.join(", ", PAGINGS)));
        }
    }

    private void auth(Tree auth) {
        auth.text("type").map(AUTH::get).ifPresent(keys -> auth.entries().forEach((key, entry) -> {
            if (!keys.contains(key)) {
                faults.accept(entry.keyAt().fault("type " + auth.text("type").orElse("") + " has no '" + key + "'", "take it away, or choose another type"));
            }
        }));
        if (auth.text("type").filter("client-credentials"::equals).isPresent() && auth.get("client-secret").isPresent() == auth.get("assertion").isPresent()
                && !Findings.misspelt(auth, "client-secret") && !Findings.misspelt(auth, "assertion")) {
            faults.accept(auth.at().fault("client-credentials prove themselves by client-secret or by assertion, and here " + (auth.get("assertion").isPresent() ? "are both" : "is neither"),
                    "keep one of them; where either may be set, write two ways under auth, each with a '-'"));
        }
    }

    private void list(String name, Tree list, List<String> earlier) {
        LdapChecks ldap = new LdapChecks(tree, faults);
        ldap.list(name, list);
        if (ldap.on()) {
            return;
        }
        require(list, "path", "a list needs where it is", "add path: after the base URL");
        list.get("page").ifPresent(this::paging);
        joined(name, list);
        list.get("for-each").ifPresent(each -> each.asText().ifPresent(other -> forEach(name, list, each.at(), other, earlier)));
        if (name.equals("members")) {
            require(list, "for-each", "members are asked for group by group", "add for-each: groups");
            require(list, "member", "members need where one holds its id", "add member: /id");
        } else {
            require(list, "id", "'" + name + "' needs where a record holds its id", "add id: /id");
        }
        if (list.get("members").isPresent()) {
            require(list, "member", "members inside a group need where one holds its id", "add member: /id, or member: \"\"");
            tree.get("read").flatMap(read -> read.get("members")).ifPresent(other -> faults.accept(list.get("members").orElse(list).at()
                    .fault("members come inside the group here and by calls of their own in line " + other.at().line(), "keep one of the two")));
        }
        list.get("changed").ifPresent(changed -> changed(name, list, changed.at()));
        nested(list);
        if (list.get("members").isPresent() && !name.equals("groups")) {
            faults.accept(list.get("members").orElse(list).at().fault("only groups have members", "take it away"));
        }
    }

    private void changed(String name, Tree list, Where at) {
        if (!name.equals("users") && !name.equals("groups")) {
            faults.accept(at.fault("only users and groups can be asked for by time", "take it away: '" + name + "' is read whole each time"));
        }
        if (list.get("cursor").isPresent()) {
            faults.accept(at.fault("changes come by a cursor here and by time as well", "keep one of the two"));
        }
        if (tree.get("complete").map(Tree::plain).filter(Boolean.TRUE::equals).isEmpty() && !Findings.misspelt(tree, "complete")) {
            faults.accept(at.fault("changes since a time never tell who is gone, and nothing here says that a full run does", "add complete: true"));
        }
    }

    private void nested(Tree list) {
        list.get("nested").filter(nested -> nested.asText().filter("flatten"::equals).isPresent()).ifPresent(nested -> {
            Optional<Tree> groups = tree.get("read").flatMap(read -> read.get("groups"));
            if (list.get("member-group").isEmpty() && groups.flatMap(g -> g.get("children")).isEmpty()) {
                faults.accept(nested.at().fault("nothing says which groups lie in which", "add member-group, by which a member is known to be a group, or children to the groups"));
            }
            if (groups.flatMap(g -> g.get("cursor")).isPresent()) {
                faults.accept(nested.at().fault("groups read by a cursor tell what has changed, and no whole lists that could be flattened", "let the provider flatten them, or take the cursor away"));
            }
        });
        if (list.get("nested").isPresent() && list.get("member").isEmpty()) {
            faults.accept(list.get("nested").orElse(list).at().fault("only a list with members has groups in groups", "take it to where the members are read"));
        }
    }

    private void joined(String name, Tree list) {
        for (String key : List.of("on", "above", "value")) {
            if (list.get(key).isPresent() && OURS.contains(name)) {
                faults.accept(list.entries().get(key).keyAt().fault("'" + name + "' is no joined read and is not looked up", "take '" + key + "' away"));
            }
        }
        if (list.get("on").isEmpty() && (list.get("above").isPresent() || list.get("value").isPresent()) && !Findings.misspelt(list, "on")) {
            faults.accept(list.at().fault("'above' and 'value' say what a record finds, and nothing says what it looks for", "add on: the field of the record that holds the id"));
        }
        boolean repeated = list.get("repeated").map(Tree::plain).filter(Boolean.TRUE::equals).isPresent();
        list.get("expand").filter(expand -> OURS.contains(name) || !repeated).ifPresent(expand -> faults.accept(expand.at().fault(
                OURS.contains(name) ? "'" + name + "' is no joined read" : "whoever is in several groups has several rows of '" + name + "'", OURS.contains(name) ? "take 'expand' away" : "add repeated: true")));
        if (list.get("above").isPresent() && list.get("repeated").map(Tree::plain).filter(Boolean.TRUE::equals).isPresent()) {
            faults.accept(list.get("above").orElse(list).at().fault("what has something above it is there once", "take repeated or above away"));
        }
    }

    private void forEach(String name, Tree list, Where at, String other, List<String> earlier) {
        if (!name.equals("members")) {
            faults.accept(at.fault("only members are asked for record by record, not '" + name + "'", "read '" + name + "' as a list of its own"));
        }
        if (!earlier.contains(other)) {
            faults.accept(at.fault("for-each '" + other + "' is no list before '" + name + "'", DidYouMean.hint(other, earlier)));
        }
        if (list.text("path").filter(path -> !path.contains("${id}")).isPresent()) {
            faults.accept(list.get("path").orElse(list).at().fault("the path of a for-each without ${id} asks for the same each time", "write for example /groups/${id}/users"));
        }
    }

    private void require(Tree list, String key, String wrong, String todo) {
        if (list instanceof Tree.Branch && list.get(key).isEmpty() && !Findings.misspelt(list, key)) {
            faults.accept(list.at().fault(wrong, todo));
        }
    }
}
