package io.identitybridge.mapping;

import dev.cel.common.types.CelKind;
import io.identitybridge.files.Expr;
import io.identitybridge.files.MappingFile;
import io.identitybridge.model.FileFaults;
import io.identitybridge.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One mapping file with its expressions compiled. */
final class CompiledMapping implements Mapping {
    private final UserReader users;
    private final GroupReader groups;
    private final Projection userFields;
    private final Projection groupFields;
    private final Projection shownOfUsers;
    private final Projection shownOfGroups;
    private final String meaning;
    private final Set<String> fields;
    private final boolean readsNow;

    private CompiledMapping(UserReader users, GroupReader groups, List<Expression> userExpressions, List<Expression> groupExpressions, List<Expression> pushedExpressions, String meaning) {
        this.users = users;
        this.groups = groups;
        this.userFields = Projection.of(paths(userExpressions));
        this.groupFields = Projection.of(paths(groupExpressions));
        this.shownOfUsers = Projection.of(all(paths(userExpressions), paths(pushedExpressions), own(Scim.OF_USERS)));
        this.shownOfGroups = Projection.of(all(paths(groupExpressions), paths(pushedExpressions), own(Scim.OF_GROUPS)));
        this.meaning = meaning;
        this.fields = Stream.concat(userExpressions.stream().flatMap(expression -> expression.paths().stream()).map(path -> "user " + path),
                groupExpressions.stream().flatMap(expression -> expression.paths().stream()).map(path -> "group " + path)).collect(Collectors.toUnmodifiableSet());
        this.readsNow = Stream.of(userExpressions, groupExpressions, pushedExpressions).flatMap(List::stream).anyMatch(expression -> expression.reads("now"));
    }

    static Mapping of(MappingFile file, Organisation organisation, Set<String> joined) {
        Compiler pulledUsers = new Compiler(Set.of("record"), joined);
        Compiler pushedUsers = new Compiler(Set.of("resource"), Set.of());
        Compiler rules = new Compiler(Set.of("record", "resource"), joined);
        Compiler pulledGroups = new Compiler(Set.of("record"), joined);
        UserReader users = new UserReader(file, pulledUsers, pushedUsers, rules);
        GroupReader groups = new GroupReader(file, organisation, pulledGroups, pushedUsers);
        List<io.identitybridge.model.FileFault> faults = Stream.of(pulledUsers, pushedUsers, rules, pulledGroups).flatMap(compiler -> compiler.faults().stream()).toList();
        if (!faults.isEmpty()) {
            throw new FileFaults(faults);
        }
        return new CompiledMapping(users, groups, Stream.concat(pulledUsers.compiled().stream(), rules.compiled().stream()).toList(), pulledGroups.compiled(), pushedUsers.compiled(), meaning(file, organisation));
    }

    private static List<FieldPath> paths(List<Expression> expressions) {
        return expressions.stream().flatMap(expression -> expression.paths().stream()).toList();
    }

    /** The attributes of a pushed resource that are read without an expression. */
    private static List<FieldPath> own(List<String> attributes) {
        return attributes.stream().map(name -> new FieldPath("resource", List.of(name), false)).toList();
    }

    @SafeVarargs
    private static List<FieldPath> all(List<FieldPath>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    /** Everything but tests, fixtures and places in the file. */
    private static String meaning(MappingFile file, Organisation organisation) {
        Map<String, Object> parts = new TreeMap<>();
        parts.put("admit", text(file.admit()));
        parts.put("scope", file.archiveOutOfScope());
        parts.put("user", texts(file.user()));
        parts.put("scim", file.scim().map(scim -> scim.admit().map(CompiledMapping::text).orElse("") + texts(scim.user()) + scim.group().map(CompiledMapping::texts).orElse("")).orElse(""));
        parts.put("group", file.group().map(CompiledMapping::texts).orElse(""));
        parts.put("workspaces", file.workspaces().stream().map(CompiledMapping::text).toList());
        parts.put("deprovision", file.deprovision().toString());
        parts.put("pattern", organisation.pattern().toString());
        return Canonical.hex(parts);
    }

    private static String text(MappingFile.Admit admit) {
        return switch (admit) {
            case MappingFile.Admit.InAnyWorkspace any -> "in-any-workspace";
            case MappingFile.Admit.Everybody all -> "everybody";
            case MappingFile.Admit.When when -> when.expr().text();
        };
    }

    private static String text(MappingFile.Rule rule) {
        return switch (rule) {
            case MappingFile.Rule.ByPattern pattern -> "pattern " + pattern.pattern() + pattern.role();
            case MappingFile.Rule.ByName name -> "name " + name.group() + name.workspaces() + name.role();
            case MappingFile.Rule.When when -> "when " + when.when().text() + when.workspaces() + when.role();
        };
    }

    private static String texts(MappingFile.UserExprs user) {
        return Stream.of(user.externalId(), user.userName(), user.email(), user.displayName(), user.active(), user.roles(), user.person()).map(e -> e.map(Expr::text).orElse("")).toList().toString();
    }

    private static String texts(MappingFile.GroupExprs group) {
        return Stream.of(group.keep(), group.externalId(), group.displayName()).map(e -> e.map(Expr::text).orElse("")).toList().toString();
    }

    /** Compiles an expression that may not be there. */
    static Optional<Expression> compile(Compiler compiler, Optional<Expr> source, CelKind kind) {
        return source.flatMap(expr -> compiler.compile(expr, kind));
    }

    @Override
    public MappedUser user(Input input, Instant now) {
        return users.read(input, now);
    }

    @Override
    public MappedGroup group(Input input, Instant now) {
        return groups.read(input, now);
    }

    @Override
    public Optional<String> userId(Map<String, Object> resource, Instant now) {
        return users.pushedId(resource, now);
    }

    @Override
    public Optional<String> groupId(Map<String, Object> resource, Instant now) {
        return groups.pushedId(resource, now);
    }

    @Override
    public Map<String, Object> projectUser(Map<String, Object> variables) {
        return userFields.of(variables);
    }

    @Override
    public Map<String, Object> projectGroup(Map<String, Object> variables) {
        return groupFields.of(variables);
    }

    @Override
    public Redacted redactUser(Input input) {
        return Redacted.of(input.variables(), shownOfUsers);
    }

    @Override
    public Redacted redactGroup(Input input) {
        return Redacted.of(input.variables(), shownOfGroups);
    }

    @Override
    public byte[] hash(Map<String, Object> projection) {
        return Canonical.hash(meaning, projection);
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public Set<String> fields() {
        return fields;
    }

    @Override
    public boolean readsNow() {
        return readsNow;
    }
}
