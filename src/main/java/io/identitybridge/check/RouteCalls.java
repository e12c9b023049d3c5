package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.Tree;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Who calls whom: each {@code direct:} and {@code seda:} target has a route that begins there, no id is given twice, and what the bridge itself calls is there. */
final class RouteCalls {
    private static final Pattern TARGET = Pattern.compile("(?:direct|seda):[^?${}]+(?:\\?.*)?");
    /** Where the bridge hands something to a route, and the file that has it. */
    private static final List<Own> OWN = List.of(
            new Own("direct:reconcile", "reconcile", "where every change goes", "reconcile"),
            new Own("servlet:/v2", "scim-push", "where every push comes in", "scim-push"),
            new Own("direct:portkey-call", "portkey-call", "where every call to Portkey goes", "publish"),
            new Own("direct:pull-now", "pull-now", "where a pull goes that an operator asks for", "pull-now"),
            new Own("direct:run-failed", "run-failed", "where a failed reading is told", "errors"),
            new Own("direct:dead-letter", "dead-letter", "where what failed is parked", "errors"),
            new Own("direct:dead-letter-raised", "dead-letter-raised", "where operators are told of letters", "errors"));

    private final Consumer<FileFault> faults;
    private final Map<String, Where> begins = new LinkedHashMap<>();
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<String, Where> ids = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    RouteCalls(Consumer<FileFault> faults) {
        this.faults = faults;
    }

    private record Own(String uri, String id, String what, String file) {
    }

    private record Call(String uri, Where at) {
    }

    void check(Collection<Tree> files) {
        files.forEach(file -> walk(file, ""));
        OWN.stream().filter(own -> !begins.containsKey(own.uri)).forEach(this::missing);
        calls.stream().filter(call -> !begins.containsKey(call.uri) && OWN.stream().noneMatch(own -> own.uri.equals(call.uri))).forEach(call ->
                faults.accept(call.at.fault("no route begins at '" + call.uri + "'", DidYouMean.hint(call.uri, new TreeSet<>(begins.keySet().stream().filter(uri -> TARGET.matcher(uri).matches()).toList())))));
    }

    private void walk(Tree tree, String under) {
        if (!under.equals("parameters")) {
            tree.get("id").ifPresent(id -> id.asText().ifPresent(name -> id(name, id.at())));
        }
        tree.get("from").ifPresent(from -> begin(from, tree));
        tree.items().forEach(item -> walk(item, under));
        tree.entries().forEach((key, entry) -> {
            Tree value = entry.value();
            RouteUri.of(value).filter(uri -> TARGET.matcher(uri).matches()).filter(uri -> !key.equals("from") && !key.equals("description")).ifPresent(uri -> target(key, RouteUri.plain(uri), place(value)));
            if (!key.equals("uri")) {
                walk(value, key);
            }
        });
    }

    private void id(String name, Where at) {
        Where before = ids.putIfAbsent(name, at);
        if (before != null) {
            faults.accept(at.fault("the id '" + name + "' is given twice, first in " + before.rule(), "give each route its own id"));
        }
    }

    private void begin(Tree from, Tree route) {
        RouteUri.of(from).map(RouteUri::plain).ifPresent(uri -> {
            begins.putIfAbsent(uri, place(from));
            route.text("id").ifPresent(id -> idOf.put(uri, id));
            if (uri.startsWith("idp:")) {
                faults.accept(place(from).fault("'idp:' is asked, it starts no route by itself", "begin at a clock, for example quartz:pull/okta, and write  - to: " + uri));
            }
        });
    }

    /** {@code pollEnrich} takes from where others put. */
    private void target(String key, String uri, Where at) {
        if (key.equals("pollEnrich")) {
            begins.putIfAbsent(uri, at);
        } else {
            calls.add(new Call(uri, at));
        }
    }

    private void missing(Own own) {
        Optional<String> instead = begins.keySet().stream().filter(uri -> own.id.equals(idOf.get(uri))).findFirst().or(() -> DidYouMean.of(own.uri, begins.keySet().stream().filter(uri -> OWN.stream().noneMatch(other -> other.uri.equals(uri))).toList()));
        Where at = instead.map(begins::get).orElse(new Where("routes/" + own.file + ".camel.yaml", 1, 1));
        faults.accept(at.fault("no route begins at " + own.uri + ", " + own.what, instead.isPresent() ? "write " + own.uri + " here" : "take the shipped " + own.file + ".camel.yaml"));
    }

    private static Where place(Tree tree) {
        return tree.get("uri").orElse(tree).at();
    }
}
