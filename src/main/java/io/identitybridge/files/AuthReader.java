package io.identitybridge.files;

import io.identitybridge.files.SourceFile.Assertion;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.ClientProof;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code auth}: one way to be let in, or several of which the first that is whole is taken. */
final class AuthReader {
    private static final String ALGORITHM = "RS256";
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

    private AuthReader() {
    }

    static Auth auth(Tree source) {
        Read auth = new Read(source).in("auth");
        if (auth.tree().items().isEmpty()) {
            return way(auth);
        }
        Set<String> elsewhere = new HashSet<>();
        source.entries().forEach((key, entry) -> {
            if (!key.equals("auth") && !key.equals("settings") && !key.equals("tests")) {
                elsewhere.addAll(names(entry.value()));
            }
        });
        Set<String> common = names(auth.tree().items().getFirst());
        auth.tree().items().forEach(way -> common.retainAll(names(way)));
        return new Auth.FirstOf(auth.tree().items().stream().map(way -> {
            Set<String> own = names(way);
            own.removeAll(elsewhere);
            own.removeAll(common);
            return new Auth.Way(way(new Read(way)), Set.copyOf(own));
        }).toList());
    }

    private static Auth way(Read auth) {
        return switch (auth.maybe("type").orElse("none")) {
            case "header" -> new Auth.Header(auth.text("name"), auth.text("value"));
            case "bearer" -> new Auth.Bearer(auth.text("value"));
            case "basic" -> new Auth.Basic(auth.text("user"), auth.text("password"));
            case "client-credentials" -> new Auth.ClientCredentials(auth.text("token-url"), auth.text("client-id"), proof(auth), auth.maybe("scope"));
            case "jwt-bearer" -> new Auth.JwtBearer(auth.text("token-url"), assertion(auth.in("assertion")), auth.maybe("scope"));
            default -> new Auth.None();
        };
    }

    private static ClientProof proof(Read auth) {
        return auth.has("assertion") ? assertion(auth.in("assertion")) : new ClientProof.Secret(auth.text("client-secret"));
    }

    private static Assertion assertion(Read assertion) {
        return new Assertion(assertion.text("key"), assertion.maybe("key-id"), assertion.maybe("algorithm").orElse(ALGORITHM),
                assertion.maybe("audience"), assertion.maybe("issuer"), assertion.maybe("subject"));
    }

    /** The settings named at or below a value; a list's {@code when} names one without braces. */
    private static Set<String> names(Tree value) {
        Set<String> names = new HashSet<>();
        value.entries().forEach((key, entry) -> {
            names.addAll(names(entry.value()));
            entry.value().asText().filter(text -> key.equals("when")).ifPresent(names::add);
        });
        value.items().forEach(item -> names.addAll(names(item)));
        Matcher place = PLACE.matcher(value.asText().orElse(""));
        while (place.find()) {
            names.add(place.group(1));
        }
        return names;
    }
}
