package io.identitybridge.check;

import io.identitybridge.files.Expr;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.Where;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the expression that a problem is about, and the word in it. */
final class Expressions {
    private static final Pattern NAMED = Pattern.compile("'([A-Za-z_][\\w.]*)'");

    private Expressions() {
    }

    /** The expression of that attribute; the pulled one where there is one. */
    static Optional<Expr> of(MappingFile file, String resource, String where) {
        if (resource.equals("group")) {
            return Stream.of(file.group(), file.scim().flatMap(MappingFile.Scim::group)).flatMap(Optional::stream)
                    .flatMap(group -> Stream.of(where.equals("keep") ? group.keep() : where.equals("displayName") ? group.displayName() : where.equals("externalId") ? group.externalId() : Optional.<Expr>empty())).flatMap(Optional::stream).findFirst();
        }
        if (where.equals("admit")) {
            return Stream.of(Optional.of(file.admit()), file.scim().flatMap(MappingFile.Scim::admit)).flatMap(Optional::stream)
                    .flatMap(admit -> admit instanceof MappingFile.Admit.When when ? Stream.of(when.expr()) : Stream.empty()).findFirst();
        }
        if (where.equals("workspaces")) {
            return file.workspaces().stream().flatMap(rule -> rule instanceof MappingFile.Rule.When when ? Stream.of(when.when()) : Stream.empty()).findFirst();
        }
        return Stream.of(Optional.of(file.user()), file.scim().map(MappingFile.Scim::user)).flatMap(Optional::stream).flatMap(user -> attribute(user, where).stream()).findFirst();
    }

    private static Optional<Expr> attribute(MappingFile.UserExprs user, String name) {
        return switch (name) {
            case "externalId" -> user.externalId();
            case "userName" -> user.userName();
            case "email" -> user.email();
            case "displayName" -> user.displayName();
            case "active" -> user.active();
            case "roles" -> user.roles();
            case "person" -> user.person();
            default -> Optional.empty();
        };
    }

    /** Where the field stands that the message names, else where the expression begins. */
    static Where token(Expr expression, String message) {
        Matcher named = NAMED.matcher(message);
        if (!named.find()) {
            return expression.at();
        }
        int at = expression.text().indexOf(named.group(1));
        boolean oneLine = !expression.text().contains("\n");
        return at < 0 || !oneLine ? expression.at() : new Where(expression.at().file(), expression.at().line(), expression.at().column() + at);
    }
}
