package io.identitybridge.check;

import io.identitybridge.files.FileSet;
import io.identitybridge.files.RouteListing;
import io.identitybridge.files.Tree;
import io.identitybridge.model.FileFault;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What route files may reach: components and languages that are listed, no class by its name, and only settings that are listed. The
 * component of an address has to be plain text; what a message names at work is bounded once more where Camel makes the endpoint.
 */
final class RouteLimits {
    private static final Set<String> ADDRESSES = Set.of("uri", "from", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll", "deadLetterUri");
    /** Steps whose expressions give addresses. */
    private static final Set<String> COMPUTED = Set.of("recipientList", "routingSlip", "dynamicRouter", "enrich", "pollEnrich", "toD", "wireTap");
    private static final Set<String> WRITTEN_OUT = Set.of("simple", "constant");
    private static final Set<String> ONLY_AT_WORK = Set.of("header", "exchangeProperty", "variable", "method", "tokenize", "xtokenize", "jsonpath", "ref");
    /** Languages that reach Java, the environment or files. */
    private static final Set<String> LANGUAGES = Set.of("csimple", "datasonnet", "groovy", "hl7terser", "java", "joor", "jq", "js", "language", "mvel", "ognl", "python", "spel", "wasm", "xpath", "xquery");
    /** Keys that make an object of a class. */
    private static final Set<String> CLASSES = Set.of("aggregationStrategy", "beans", "beanType", "scriptLanguage", "templateBean", "templateBeans");
    private static final Pattern CLASS = Pattern.compile("#(class|type|bean|property|valueAs)[:(]");
    private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*)(:|\\?|$)");

    private final RouteListing listing;
    private final RouteReads reads;
    private final Consumer<FileFault> faults;
    private Set<String> known = Set.of();

    RouteLimits(FileSet set, Consumer<FileFault> faults) {
        this.faults = faults;
        this.listing = RouteListing.of(set);
        this.reads = new RouteReads(set, listing, faults);
    }

    void check(Collection<Tree> routes) {
        known = CamelWords.schemes();
        routes.forEach(tree -> walk(tree, false, ""));
    }

    private void walk(Tree tree, boolean computed, String under) {
        tree.asText().ifPresent(text -> {
            reads.check(tree, text);
            if (CLASS.matcher(text).find()) {
                listed(tree, "class", "'" + text + "' makes an object of a class");
            }
        });
        tree.items().forEach(item -> walk(item, computed, under));
        tree.entries().forEach((key, entry) -> {
            Tree value = entry.value();
            reads.check(value, key);
            if (CLASSES.contains(key)) {
                listed(value, "class", "'" + key + "' makes an object of a class");
            } else if (LANGUAGES.contains(key)) {
                listed(value, key, "language '" + key + "' is not listed for routes");
            }
            if (key.equals("beanName")) {
                value.asText().ifPresent(name -> bean(value, name));
            }
            if (ADDRESSES.contains(key) && !under.equals("parameters")) { // smtp has a "from" and a "to" of its own
                value.asText().ifPresent(uri -> address(value, uri));
            }
            if (computed && WRITTEN_OUT.contains(key)) {
                written(value).ifPresent(text -> text.asText().ifPresent(all -> addresses(text, all)));
            } else if (computed && ONLY_AT_WORK.contains(key)) {
                dynamic(value, key);
            }
            walk(value, COMPUTED.contains(key) || computed && key.equals("expression"), key);
        });
    }

    private static Optional<Tree> written(Tree expression) {
        return expression.asText().isPresent() ? Optional.of(expression) : expression.get("expression");
    }

    /** An expression may give several, one after the other; a comma inside one is no mark of another. */
    private void addresses(Tree at, String all) {
        String[] each = all.split(",");
        address(at, each.length == 0 ? "" : each[0]);
        for (int i = 1; i < each.length; i++) {
            if (SCHEME.matcher(each[i].strip()).find() || each[i].strip().startsWith("$") || each[i].strip().startsWith("{{")) {
                address(at, each[i]);
            }
        }
    }

    private void address(Tree at, String written) {
        String uri = written.strip();
        Matcher scheme = SCHEME.matcher(uri);
        if (!scheme.find()) {
            dynamic(at, uri);
        } else if (known.contains(scheme.group(1)) && !listing.components().contains(scheme.group(1))) {
            listed(at, scheme.group(1), "component '" + scheme.group(1) + "' is not listed for routes");
        } else if (scheme.group(1).equals("bean") && (uri.contains("$") || uri.contains("{{"))) {
            faults.accept(at.at().fault("'" + uri + "' says only at work which bean it means", "write the bean out, as  bean:sign"));
        } else if (scheme.group(1).equals("bean")) {
            bean(at, uri.replaceFirst("^bean:?(//)?", "").replaceFirst("[?].*", ""));
        }
    }

    private void bean(Tree at, String name) {
        if (name.contains(".")) {
            faults.accept(at.at().fault("'" + name + "' makes an object of a class", "name a step, as  bean:sign"));
        }
    }

    private void dynamic(Tree at, String what) {
        faults.accept(at.at().fault("'" + what + "' says only at work which component it means", "write the component out, as  direct:${header.where}"));
    }

    private void listed(Tree at, String name, String fault) {
        if (!listing.components().contains(name)) {
            faults.accept(at.at().fault(fault, "whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {components: [" + name + "]}"));
        }
    }
}
