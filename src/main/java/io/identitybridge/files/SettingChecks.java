package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether every {@code ${name}} of a source is declared, and no secret stands in the file or goes into a URL. */
record SettingChecks(Tree source, Consumer<FileFault> faults) {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)(}?)");
    private static final Set<String> SECRETS = Set.of("value", "password", "client-secret", "key");

    private static final Set<String> NONE = Set.of();
    private static final Set<String> ID = Set.of("id");
    private static final Set<String> SINCE = Set.of("since");

    void run() {
        settings().forEach((name, entry) -> setting(name, entry.value()));
        source.get("url").ifPresent(url -> texts(url, NONE, true));
        source.get("ldap").map(Tree::entries).orElse(Map.of()).forEach((key, entry) -> auth(key, entry.value()));
        source.get("auth").ifPresent(auth -> {
            auth.items().forEach(way -> way.entries().forEach((key, entry) -> auth(key, entry.value())));
            auth.entries().forEach((key, entry) -> auth(key, entry.value()));
        });
        source.get("read").map(Tree::entries).orElse(Map.of()).values().forEach(entry -> list(entry.value()));
    }

    private Map<String, Tree.Entry> settings() {
        return source.get("settings").map(Tree::entries).orElse(Map.of());
    }

    private void setting(String name, Tree setting) {
        Set<String> keys = setting.entries().keySet();
        if (setting instanceof Tree.Branch && !keys.contains("env") && !keys.contains("property") && !keys.contains("file") && !keys.contains("vault") && !keys.contains("default")) {
            faults.accept(setting.at().fault("setting '" + name + "' does not say where its value comes from", "add env, property, file or vault"));
        }
        if (secret(setting) && keys.contains("default")) {
            faults.accept(setting.entries().get("default").keyAt().fault("a secret has no place in a file", "take default away and set the value from outside"));
        }
    }

    private void auth(String key, Tree value) {
        if (!value.entries().isEmpty()) {
            value.entries().forEach((part, entry) -> auth(part, entry.value()));
            return;
        }
        List<String> names = texts(value, NONE, key.equals("token-url"));
        boolean hidden = names.stream().anyMatch(name -> settings().containsKey(name) && secret(settings().get(name).value()));
        boolean undeclared = names.stream().anyMatch(name -> !settings().containsKey(name));
        if (SECRETS.contains(key) && value.asText().isPresent() && !hidden && !undeclared) {
            faults.accept(value.at().fault("'" + key + "' proves who the bridge is, and nothing in it is secret", "name a setting that says secret: true, as ${token}"));
        }
    }

    private void list(Tree list) {
        boolean each = list.get("for-each").isPresent() || Findings.misspelt(list, "for-each");
        for (String key : List.of("path", "query", "count", "base", "filter")) {
            list.get(key).ifPresent(value -> texts(value, each ? ID : NONE, true));
        }
        for (String key : List.of("by-id", "children", "expand")) {
            list.get(key).flatMap(call -> call.get("path")).ifPresent(path -> {
                if (!texts(path, ID, true).contains("id")) {
                    faults.accept(path.at().fault("the path names no ${id}", "write for example \"/users/${id}\""));
                }
            });
        }
        list.get("changed").flatMap(changed -> changed.get("query")).ifPresent(query -> {
            if (!texts(query, SINCE, true).contains("since")) {
                faults.accept(query.at().fault("no parameter names ${since}, so all would be read again each time", "write for example  filter: 'lastUpdated gt \"${since}\"'"));
            }
        });
        list.get("when").ifPresent(when -> when.asText().ifPresent(name -> Findings.known("setting", name, when.at(), settings().keySet(), faults)));
    }

    /** The names of all places to fill in at or below a value; {@code given} are those that the reading fills in, not a setting. */
    private List<String> texts(Tree value, Set<String> given, boolean url) {
        List<String> names = new ArrayList<>();
        value.entries().values().forEach(entry -> names.addAll(texts(entry.value(), given, url)));
        value.items().forEach(item -> names.addAll(texts(item, given, url)));
        Matcher place = PLACE.matcher(value.asText().orElse(""));
        while (place.find()) {
            names.add(place.group(1));
            place(place, value.at(), given, url);
        }
        return names;
    }

    private void place(Matcher place, Where at, Set<String> given, boolean url) {
        String name = place.group(1);
        if (place.group(2).isEmpty()) {
            faults.accept(at.fault("'${' is not closed", "write ${name}"));
            return;
        }
        if (given.contains(name)) {
            return;
        }
        Collection<String> known = new HashSet<>(settings().keySet());
        if (!known.contains(name) && !Findings.misspelt(source, "settings")) {
            faults.accept(at.fault("setting '" + name + "' is not declared under settings", DidYouMean.of(name, known)
                    .map(word -> "did you mean '" + word + "'?").orElse("declare it:  " + name + ": {env: <VARIABLE>}")));
        } else if (url && known.contains(name) && secret(settings().get(name).value())) {
            faults.accept(at.fault("secret '" + name + "' would go into a URL, which logs keep", "send it by auth"));
        }
    }

    private static boolean secret(Tree setting) {
        return setting.get("secret").map(Tree::plain).filter(Boolean.TRUE::equals).isPresent();
    }
}
