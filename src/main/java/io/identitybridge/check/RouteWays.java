package io.identitybridge.check;

import io.identitybridge.files.Tree;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a route reads of an IdP comes to {@code direct:reconcile}, by itself or by routes that it calls: else it is read, and lost. */
final class RouteWays {
    private static final String END = "direct:reconcile";
    private static final Pattern TARGET = Pattern.compile("(direct|seda):(?://)?([^?,\\s]+)");
    /** Only a message says where these lead. */
    private static final Pattern OPEN = Pattern.compile("^\\$\\{|(direct|seda):(//)?[^?,\\s]*\\$\\{");

    private final Consumer<FileFault> faults;
    private final Map<String, Way> begins = new HashMap<>();
    private final List<Way> ways = new ArrayList<>();

    RouteWays(Consumer<FileFault> faults) {
        this.faults = faults;
    }

    /** What one route asks and where it leads. */
    private static final class Way {
        private final Map<String, Where> asks = new HashMap<>();
        private final Set<String> leads = new HashSet<>();
        private boolean open;
    }

    void check(Collection<Tree> files) {
        files.forEach(this::routes);
        ways.stream().filter(way -> !way.asks.isEmpty() && !arrives(way)).forEach(way -> way.asks.forEach((uri, at) ->
                faults.accept(at.fault("what '" + uri + "' reads does not come to " + END + ", so nothing becomes of it", "add  - to: " + END + "  after it"))));
    }

    private void routes(Tree tree) {
        tree.items().forEach(this::routes);
        tree.get("from").ifPresentOrElse(from -> {
            Way way = new Way();
            ways.add(way);
            gather(from.get("steps").orElse(from), way);
            tree.get("steps").ifPresent(steps -> gather(steps, way));
            RouteUri.of(from).ifPresent(uri -> begins.put(RouteUri.plain(uri), way));
        }, () -> tree.entries().values().forEach(entry -> routes(entry.value())));
    }

    private void gather(Tree tree, Way way) {
        tree.items().forEach(item -> gather(item, way));
        tree.entries().forEach((key, entry) -> {
            if (!key.equals("description")) {
                gather(entry.value(), way);
            }
        });
        tree.text("uri").flatMap(uri -> RouteUri.of(tree)).ifPresent(uri -> way.leads.add(RouteUri.plain(uri)));
        tree.asText().ifPresent(text -> {
            if (text.startsWith("idp:")) {
                way.asks.putIfAbsent(text, tree.at());
            }
            way.open |= OPEN.matcher(text).find();
            Matcher targets = TARGET.matcher(text);
            while (targets.find()) {
                way.leads.add(targets.group(1) + ":" + targets.group(2));
            }
        });
    }

    private boolean arrives(Way first) {
        Deque<Way> next = new ArrayDeque<>(List.of(first));
        Set<Way> seen = new HashSet<>();
        while (!next.isEmpty()) {
            Way way = next.pop();
            if (way.open || way.leads.contains(END)) {
                return true;
            }
            if (seen.add(way)) {
                way.leads.stream().map(begins::get).filter(found -> found != null).forEach(next::add);
            }
        }
        return false;
    }
}
