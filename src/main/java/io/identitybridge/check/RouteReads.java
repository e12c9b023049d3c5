package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.RouteListing;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.Tree;
import io.identitybridge.model.FileFault;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the texts of route files may read: of placeholders and of Simple's {@code env} only settings that are listed, and of Simple only
 * functions that see the message and nothing else. Names are compared as Camel and Spring find them: without case, dots and dashes.
 */
final class RouteReads {
    /** Simple's functions that read the message, the clock or their own arguments (camel-core-languages 4.22, simple.json). */
    private static final Set<String> FUNCTIONS = Set.of("abs", "attachments", "attachmentsKeys", "attachmentsSize", "average", "base64Decode", "base64Encode", "body", "bodyAs", "bodyOneLine", "bodyType",
            "camelId", "capitalize", "ceil", "collate", "concat", "contains", "convertTo", "date", "date-with-timezone", "distinct", "empty", "exception", "exchangeId", "exchangeProperty", "floor", "fromRouteId",
            "hash", "header", "headerAs", "headers", "hostName", "hostname", "htmlClean", "htmlDecode", "id", "iif", "in", "isAlpha", "isAlphaNumeric", "isEmpty", "isNumeric", "join", "jsonpath", "kindOfType", "length",
            "list", "listAdd", "listRemove", "lowercase", "mandatoryBodyAs", "map", "mapAdd", "mapRemove", "max", "messageTimestamp", "min", "newEmpty", "normalizeWhitespace", "not", "null", "originalBody",
            "pad", "pretty", "prettyBody", "quote", "random", "range", "replace", "reverse", "routeGroup", "routeId", "safeQuote", "setHeader", "setVariable", "shuffle", "size", "skip", "sort", "split", "stepId",
            "substring", "substringAfter", "substringBefore", "substringBetween", "sum", "threadId", "threadName", "toJson", "toJsonBody", "toPrettyJson", "toPrettyJsonBody", "trim", "unquote", "uppercase",
            "uuid", "val", "variable", "variableAs", "variables");
    /** A path from a message into Java. */
    private static final Pattern OUT = Pattern.compile("(?i)[.?\\[]['\"]?\\w*(?:class|classLoader|context|exchange|registry|forName|injector|environment)\\b");
    /** Functions that reach further; any other that Simple has and that is not above is refused as well. */
    private static final Set<String> REACHING = Set.of("bean", "camelContext", "env", "exchange", "filter", "forEach", "function", "jq", "load", "messageAs", "messageHistory", "properties", "propertiesExist", "ref", "sys", "sysenv", "type", "xpath");
    private static final Pattern PLACEHOLDER = Pattern.compile("[?!]?(?:(env|sys):)?([A-Za-z0-9_.-]+)(?::[^{}$]*)?");
    private static final Pattern BEGIN = Pattern.compile("\\$(?:simple)?\\{");
    private static final Pattern HEAD = Pattern.compile("\\s*([A-Za-z0-9-]*)");
    private static final Pattern ENV = Pattern.compile("\\s*(?:env|sys|sysenv)[.:]([A-Za-z0-9_.-]+)\\s*}.*", Pattern.DOTALL);
    private static final Set<String> OWN = Set.of("BRIDGE_SECRET", "BRIDGE_SECRET_BEFORE", "BRIDGE_ADMIN_TOKEN", "PORTKEY_ADMIN_KEY", "PORTKEY_SCIM_TOKEN", "SPRING_DATASOURCE_PASSWORD");

    private final RouteListing listing;
    private final Consumer<FileFault> faults;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    RouteReads(FileSet set, RouteListing listing, Consumer<FileFault> faults) {
        this.listing = listing;
        this.faults = faults;
        OWN.stream().sorted().flatMap(name -> Stream.of(name, name + "_FILE")).forEach(name -> secrets.put(folded(name), new Secret(name, "the bridge", "take it out")));
        set.sources().values().forEach(source -> source.settings().values().stream().filter(SourceFile.Setting::secret)
                .flatMap(setting -> Stream.of(setting.env(), setting.env().map(name -> name + "_FILE"), setting.property(), setting.file(), setting.vault())).flatMap(name -> name.stream())
                .forEach(name -> secrets.put(folded(name), new Secret(name, "source '" + source.name() + "'", "idp:" + source.name() + " reads it as " + source.name() + ".source.yaml says"))));
    }

    private record Secret(String name, String of, String instead) {
    }

    /** @param at where the text stands, or the value of the key that it is */
    void check(Tree at, String text) {
        if (!secret(at, text) && !resource(at, text)) {
            placeholders(at, text);
            functions(at, text);
        }
    }

    private boolean secret(Tree at, String text) {
        for (Secret secret : secrets.values()) {
            if (Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(secret.name) + "(?![A-Za-z0-9_])").matcher(text).find()) {
                return told(at, secret);
            }
        }
        return false;
    }

    private boolean told(Tree at, Secret secret) {
        faults.accept(at.at().fault("'" + secret.name + "' is a secret of " + secret.of, "a route needs none: " + secret.instead));
        return true;
    }

    private boolean resource(Tree at, String text) {
        boolean resource = text.strip().toLowerCase(Locale.ROOT).startsWith("resource:");
        if (resource) {
            faults.accept(at.at().fault("'" + text.strip() + "' takes an expression from elsewhere", "write the expression here"));
        }
        return resource;
    }

    private void placeholders(Tree at, String text) {
        for (int begin = text.indexOf("{{"); begin >= 0; begin = text.indexOf("{{", begin)) {
            int end = text.indexOf("}}", begin);
            String inside = end < 0 ? text.substring(begin + 2) : text.substring(begin + 2, end);
            Matcher plain = PLACEHOLDER.matcher(inside);
            if (listing.settings().contains(inside)) { // such as a vault's
                setting(at, inside);
            } else if (inside.startsWith("{") || !plain.matches()) {
                faults.accept(at.at().fault("'{{" + inside + "}}' does not say plainly which setting it reads", "write  {{NAME}}  or  {{NAME:default}}, and list NAME in mappings/portkey.yaml:  routes: {settings: [NAME]}"));
                return;
            } else if (inFunction(text, begin)) {
                faults.accept(at.at().fault("'{{" + inside + "}}' stands inside a function of Simple", "write the function out"));
            } else {
                setting(at, plain.group(2));
            }
            begin = end < 0 ? text.length() : end;
        }
    }

    private static boolean inFunction(String text, int at) {
        Matcher begin = BEGIN.matcher(text.substring(0, at));
        int last = -1;
        while (begin.find()) {
            last = begin.end();
        }
        return text.substring(0, at).endsWith("$") || last >= 0 && text.indexOf('}', last) > at;
    }

    private void functions(Tree at, String text) {
        Matcher begin = BEGIN.matcher(text);
        if (begin.results().count() > text.chars().filter(c -> c == '}').count()) {
            return; // Camel takes none that is not closed, and says where
        }
        begin.reset();
        while (begin.find()) {
            String rest = text.substring(begin.end());
            Matcher env = ENV.matcher(rest);
            Matcher head = HEAD.matcher(rest);
            String name = head.find() ? head.group(1) : "";
            if (env.matches()) {
                setting(at, env.group(1));
            } else if (BEGIN.matcher(upTo(rest)).find()) { // Simple reads the whole once more when the inner is known
                faults.accept(at.at().fault("'${" + upTo(rest) + "' has a function inside another", "set the inner one as a variable first"));
                return;
            } else if (REACHING.contains(name) || !FUNCTIONS.contains(name) && DidYouMean.of(name, FUNCTIONS).isEmpty()) {
                faults.accept(at.at().fault("a route may not use '${" + upTo(rest) + "}'", "it reaches more than the message: take it out"));
            } else if (OUT.matcher(upTo(rest)).find()) {
                faults.accept(at.at().fault("'${" + upTo(rest) + "}' leads from the message into Java", "name a field of the message"));
            }
        }
    }

    private static String upTo(String rest) {
        int end = rest.indexOf('}');
        return end < 0 ? rest : rest.substring(0, end);
    }

    private void setting(Tree at, String name) {
        Secret secret = secrets.get(folded(name));
        if (secret != null) {
            told(at, secret);
        } else if (listing.settings().stream().noneMatch(listed -> folded(listed).equals(folded(name)))) {
            faults.accept(at.at().fault("setting '" + name + "' is not listed for routes", "whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {settings: [" + name + "]}"));
        }
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
