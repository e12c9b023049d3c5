package io.identitybridge.check;

import io.identitybridge.files.FileSet;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.Tree;
import io.identitybridge.model.FileFault;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What route files may reach: components that are listed, and no secret of a source, which only the reading engine needs. */
final class RouteLimits {
    /** Without a word in portkey.yaml. */
    static final Set<String> LISTED = Set.of("bean", "direct", "http", "https", "idp", "jms", "log", "quartz", "seda", "servlet", "smtp", "smtps", "timer");
    private static final Set<String> ADDRESSES = Set.of("uri", "from", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll", "deadLetterUri");
    /** Steps whose expressions give addresses. */
    private static final Set<String> COMPUTED = Set.of("recipientList", "routingSlip", "dynamicRouter");
    private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*)(:|$)");

    private final Set<String> listed = new TreeSet<>(LISTED);
    private final Map<String, SourceFile> secrets = new LinkedHashMap<>();
    private final Consumer<FileFault> faults;
    private Set<String> known = Set.of();

    RouteLimits(FileSet set, Consumer<FileFault> faults) {
        this.faults = faults;
        Tree.read("mappings/portkey.yaml", set.texts().getOrDefault("mappings/portkey.yaml", ""), fault -> { })
                .flatMap(portkey -> portkey.get("routes")).flatMap(routes -> routes.get("components")).ifPresent(all -> all.items().forEach(one -> one.asText().ifPresent(listed::add)));
        set.sources().values().forEach(source -> source.settings().values().stream().filter(SourceFile.Setting::secret)
                .flatMap(setting -> Stream.of(setting.env(), setting.env().map(name -> name + "_FILE"), setting.property(), setting.file(), setting.vault())).flatMap(name -> name.stream()).forEach(name -> secrets.put(name, source)));
    }

    void check(Collection<Tree> routes) {
        known = CamelWords.schemes();
        routes.forEach(tree -> walk(tree, false));
    }

    private void walk(Tree tree, boolean computed) {
        tree.asText().ifPresent(text -> secret(tree, text));
        if (computed) {
            tree.asText().ifPresent(text -> address(tree, text));
        }
        tree.items().forEach(item -> walk(item, computed));
        tree.entries().forEach((key, entry) -> {
            if (ADDRESSES.contains(key)) {
                entry.value().asText().ifPresent(uri -> address(entry.value(), uri));
            }
            walk(entry.value(), COMPUTED.contains(key) || computed && !ADDRESSES.contains(key));
        });
    }

    private void address(Tree at, String uri) {
        Matcher scheme = SCHEME.matcher(uri);
        if (uri.startsWith("$") || uri.startsWith("{{")) {
            faults.accept(at.at().fault("'" + uri + "' says only at work which component it means", "write the component out, as  direct:${header.where}"));
        } else if (scheme.find() && known.contains(scheme.group(1)) && !listed.contains(scheme.group(1))) {
            faults.accept(at.at().fault("component '" + scheme.group(1) + "' is not listed for routes", "whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {components: [" + scheme.group(1) + "]}"));
        }
    }

    private void secret(Tree at, String text) {
        secrets.forEach((name, source) -> {
            if (Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])").matcher(text).find()) {
                faults.accept(at.at().fault("'" + name + "' is a secret of source '" + source.name() + "'", "a route needs none: idp:" + source.name() + " reads it as " + source.name() + ".source.yaml says"));
            }
        });
    }
}
