package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.Expr;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.MappingFile.GroupExprs;
import io.identitybridge.files.MappingFile.UserExprs;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Optional fields ({@code record.profile.?departmnt}) that no record of the tests has, while one has a field of nearly that name.
 * A misspelt one gives no error, only another plan: asked for where a test has failed.
 */
final class OptionalFields {
    private static final Pattern CHAIN = Pattern.compile("\\b(record|resource)((?:\\.\\??[A-Za-z_]\\w*)+)");
    private static final Pattern FIELD = Pattern.compile("\\.(\\??)([A-Za-z_]\\w*)");

    private final FileSet set;
    private final MappingFile file;

    OptionalFields(FileSet set, MappingFile file) {
        this.set = set;
        this.file = file;
    }

    List<FileFault> faults() {
        List<Object> users = records("users");
        List<Object> pushed = records("pushed");
        List<Object> groups = records("groups");
        List<FileFault> faults = new ArrayList<>();
        Stream<Expr> ofUsers = Stream.of(user(file.user()), file.scim().map(MappingFile.Scim::user).stream().flatMap(OptionalFields::user), when(file.admit()), file.scim().flatMap(MappingFile.Scim::admit).stream().flatMap(OptionalFields::when),
                file.workspaces().stream().flatMap(rule -> rule instanceof MappingFile.Rule.When when ? Stream.of(when.when()) : Stream.empty())).flatMap(all -> all);
        ofUsers.forEach(expression -> look(expression, users, pushed, faults));
        Stream.of(file.group(), file.scim().flatMap(MappingFile.Scim::group)).flatMap(Optional::stream).flatMap(OptionalFields::group).forEach(expression -> look(expression, groups, groups, faults));
        return faults;
    }

    private List<Object> records(String list) {
        return file.tests().stream().<Object>flatMap(test -> Given.of(file, test).list(list).stream()).toList();
    }

    private void look(Expr expression, List<Object> records, List<Object> resources, List<FileFault> faults) {
        Matcher chain = CHAIN.matcher(expression.text());
        while (chain.find()) {
            List<Object> level = chain.group(1).equals("record") ? records : resources;
            Matcher field = FIELD.matcher(chain.group(2));
            while (field.find()) {
                String name = field.group(2);
                Set<String> known = new TreeSet<>();
                level.stream().filter(Map.class::isInstance).forEach(map -> ((Map<?, ?>) map).keySet().forEach(key -> known.add(key.toString())));
                if (field.group(1).equals("?") && !known.contains(name)) {
                    String read = chain.group(1) + chain.group(2).substring(0, field.end());
                    DidYouMean.of(name, known).ifPresent(meant -> faults.add(place(expression, "?" + name).fault("'" + read + "': no record of the tests has a '" + name + "' there", "did you mean '" + meant + "'?")));
                }
                level = level.stream().filter(Map.class::isInstance).<Object>mapMulti((map, below) -> Optional.ofNullable((Object) ((Map<?, ?>) map).get(name)).ifPresent(below)).toList();
            }
        }
    }

    /** Where the field stands in the file, quotes or not. */
    private Where place(Expr expression, String field) {
        String line = set.texts().getOrDefault(expression.at().file(), "").lines().skip(expression.at().line() - 1L).findFirst().orElse("");
        int at = line.indexOf(field, Math.min(expression.at().column() - 1, line.length()));
        return at < 0 ? expression.at() : new Where(expression.at().file(), expression.at().line(), at + 2);
    }

    private static Stream<Expr> user(UserExprs user) {
        return Stream.of(user.externalId(), user.userName(), user.email(), user.displayName(), user.active(), user.roles(), user.person()).flatMap(Optional::stream);
    }

    private static Stream<Expr> group(GroupExprs group) {
        return Stream.of(group.keep(), group.externalId(), group.displayName()).flatMap(Optional::stream);
    }

    private static Stream<Expr> when(MappingFile.Admit admit) {
        return admit instanceof MappingFile.Admit.When when ? Stream.of(when.expr()) : Stream.empty();
    }
}
