package io.identitybridge.files;

import io.identitybridge.files.MappingFile.Admit;
import io.identitybridge.files.MappingFile.Deprovision;
import io.identitybridge.files.MappingFile.GroupExprs;
import io.identitybridge.files.MappingFile.GroupMissing;
import io.identitybridge.files.MappingFile.Rule;
import io.identitybridge.files.MappingFile.Test;
import io.identitybridge.files.MappingFile.UserExprs;
import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the mapping of a {@code mappings/<source>.yaml} without faults. */
final class MappingReader {
    private static final Duration GRACE = Duration.ofHours(24);

    private MappingReader() {
    }

    static MappingFile read(Tree tree) {
        Read read = new Read(tree);
        Map<String, Map<String, Object>> fixtures = new LinkedHashMap<>();
        read.in("fixtures").tree().entries().keySet().forEach(name -> fixtures.put(name, read.in("fixtures").plain(name)));
        return new MappingFile(new SourceName(read.text("mapping")), admit(read.expr("admit").orElseThrow()), archives(read, "out-of-scope"),
                user(read.in("user")), read.tree().get("scim").map(scim -> scim(new Read(scim))), read.tree().get("group").map(group -> group(new Read(group))),
                read.each("workspaces").stream().map(MappingReader::rule).toList(), deprovision(read.in("deprovision")),
                fixtures, read.each("tests").stream().map(MappingReader::test).toList(), tree.at());
    }

    private static Admit admit(Expr written) {
        return switch (written.text()) {
            case "in-any-workspace" -> new Admit.InAnyWorkspace(written.at());
            case "everybody" -> new Admit.Everybody(written.at());
            default -> new Admit.When(written);
        };
    }

    private static UserExprs user(Read user) {
        return new UserExprs(user.expr("externalId"), user.expr("userName"), user.expr("email"), user.expr("displayName"),
                user.expr("active"), user.expr("roles"), user.expr("person"));
    }

    private static GroupExprs group(Read group) {
        return new GroupExprs(group.expr("keep"), group.expr("externalId"), group.expr("displayName"));
    }

    private static MappingFile.Scim scim(Read scim) {
        return new MappingFile.Scim(scim.expr("admit").map(MappingReader::admit), user(scim.in("user")),
                scim.tree().get("group").map(group -> group(new Read(group))));
    }

    private static Rule rule(Read rule) {
        List<String> workspaces = rule.texts("workspaces").orElse(List.of());
        if (rule.has("when")) {
            return new Rule.When(rule.expr("when").orElseThrow(), workspaces, rule.text("role"), rule.at());
        }
        String group = rule.text("group");
        boolean ours = group.equals("pattern");
        return ours || group.contains("{") ? new Rule.ByPattern(rule.maybe("group").filter(written -> !ours), rule.maybe("role"), rule.at())
                : new Rule.ByName(group, workspaces, rule.text("role"), rule.at());
    }

    private static Deprovision deprovision(Read read) {
        Read missing = read.in("user-missing");
        return new Deprovision(archives(read, "user-inactive"), archives(missing, "do"), missing.duration("after").orElse(GRACE),
                read.maybe("group-missing").map(word -> GroupMissing.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'))).orElse(GroupMissing.REMOVE_MEMBERS));
    }

    /** Archive is the default everywhere. */
    private static boolean archives(Read read, String key) {
        return read.maybe(key).filter("keep"::equals).isEmpty();
    }

    private static Test test(Read test) {
        return new Test(test.text("name"), test.maybe("now").map(Instant::parse), test.plain("before"), test.plain("given"), test.plain("limits"),
                test.texts("plan").orElse(List.of()), test.texts("refused").orElse(List.of()), test.texts("dead-letters").orElse(List.of()),
                test.maybe("held"), expected(test), test.at());
    }

    private static Map<String, List<Where>> expected(Read test) {
        Map<String, List<Where>> places = new LinkedHashMap<>();
        for (String key : List.of("plan", "refused", "dead-letters", "held")) {
            test.tree().get(key).ifPresent(value -> places.put(key, Stream.concat(Stream.of(value.at()), value.items().stream().map(Tree::at)).toList()));
        }
        return places;
    }
}
