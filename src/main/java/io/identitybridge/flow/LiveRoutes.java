package io.identitybridge.flow;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.stereotype.Component;

/**
 * The routes that run, made equal to the route files of the active set: all of them before Camel starts, and those whose file has
 * changed whenever another set becomes active. A route that is at work ends what it does first; its file waits for that.
 */
@Component
class LiveRoutes implements CamelContextConfiguration {
    /** How long a route may go on with what it has begun before its file is left for later. */
    private static final long PATIENCE_SECONDS = 5;
    /** How long the pushes under way may take: whoever comes meanwhile waits as long. */
    private static final long PUSHES_SECONDS = 1;

    private final ActiveFiles files;
    private final Gate gate;
    private final Triggers triggers;
    private final Map<String, String> loaded = new TreeMap<>();
    private final Map<String, List<RouteConfigurationDefinition>> configurations = new TreeMap<>();
    private ModelCamelContext camel;
    private ListedComponents components;
    private volatile Set<String> waiting = Set.of();

    LiveRoutes(ActiveFiles files, Gate gate, Triggers triggers) {
        this.files = files;
        this.gate = gate;
        this.triggers = triggers;
    }

    @Override
    public synchronized void beforeApplicationStart(CamelContext context) {
        camel = (ModelCamelContext) context;
        components = ListedComponents.bound(context, files.current().components());
        Map<String, String> all = files.current().routes();
        try {
            load(all);
        } catch (Exception e) {
            throw new IllegalStateException("the route files could not be loaded: " + e.getMessage(), e);
        }
        loaded.putAll(all);
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        triggers.keepOnly(context);
    }

    /** Files whose routes are still at work by what the file said before; they change when that has ended. */
    Set<String> waiting() {
        return waiting;
    }

    /** Makes the running routes those of this set, as far as they are idle; throws {@link FileFaults}, with everything as it was, where Camel refuses one. */
    synchronized void take(Active active) {
        Map<String, String> wanted = active.routes();
        Set<String> changed = components.fewer(active.components()) ? names(wanted) : changed(wanted); // a route may keep what it made an endpoint of
        Set<String> left = new TreeSet<>(changed);
        components.change(active.components(), () -> {
            if (!changed.isEmpty()) {
                gate.closed(PUSHES_SECONDS, () -> left.removeAll(take(wanted, changed)));
                triggers.keepOnly(camel);
            }
        });
        waiting = left;
    }

    /** Gives the files whose routes are those of the set now. */
    private Set<String> take(Map<String, String> wanted, Set<String> changed) {
        boolean together = changed.stream().anyMatch(name -> configures(loaded.get(name)) || configures(wanted.get(name)));
        Set<String> all = together ? names(wanted) : changed; // what holds for all routes is built into each of them
        Set<String> stopped = new TreeSet<>();
        for (String name : all) {
            if (stop(name)) {
                stopped.add(name);
            }
        }
        if (together && stopped.size() < all.size()) {
            stopped.forEach(this::start);
            stopped.clear();
        }
        exchange(stopped, wanted);
        return stopped;
    }

    private void exchange(Set<String> names, Map<String, String> wanted) {
        if (names.isEmpty()) {
            return;
        }
        names.forEach(this::remove);
        try {
            load(only(wanted, names));
        } catch (Exception e) { // Camel declares no narrower one
            names.forEach(this::remove);
            putBack(names, e);
            throw new FileFaults(List.of(new FileFault(names.iterator().next(), 1, 1, "Camel does not start these routes (" + String.join(", ", names) + "): " + Bugs.said(e), "mend them; the routes before are at work")));
        }
        names.forEach(name -> {
            loaded.remove(name);
            loaded.computeIfAbsent(name, wanted::get);
        });
    }

    private void putBack(Set<String> names, Exception cause) {
        try {
            load(only(loaded, names));
        } catch (Exception e) {
            e.addSuppressed(cause);
            throw new IllegalStateException("the routes before could not be put back: restart the bridge", e);
        }
    }

    private Set<String> changed(Map<String, String> wanted) {
        Set<String> names = names(wanted);
        names.removeIf(name -> Objects.equals(loaded.get(name), wanted.get(name)));
        return names;
    }

    private Set<String> names(Map<String, String> wanted) {
        Set<String> names = new TreeSet<>(loaded.keySet());
        names.addAll(wanted.keySet());
        return names;
    }

    private static Map<String, String> only(Map<String, String> texts, Set<String> names) {
        Map<String, String> some = new TreeMap<>(texts);
        some.keySet().retainAll(names);
        return some;
    }

    private static boolean configures(String text) {
        return text != null && text.contains("routeConfiguration");
    }

    /** What holds for all routes comes first, a file at a time: Camel does not say of it where it stands. */
    private void load(Map<String, String> texts) throws Exception {
        List<Resource> others = new ArrayList<>();
        for (Map.Entry<String, String> file : texts.entrySet()) {
            Resource resource = ResourceHelper.fromString(file.getKey(), file.getValue());
            if (configures(file.getValue())) {
                List<RouteConfigurationDefinition> before = List.copyOf(camel.getRouteConfigurationDefinitions());
                PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
                configurations.put(file.getKey(), camel.getRouteConfigurationDefinitions().stream().filter(one -> !before.contains(one)).toList());
            } else {
                others.add(resource);
            }
        }
        PluginHelper.getRoutesLoader(camel).loadRoutes(others);
    }

    private List<RouteDefinition> routes(String name) {
        return camel.getRouteDefinitions().stream().filter(route -> of(name, route.getResource())).toList();
    }

    private static boolean of(String name, Resource resource) {
        return resource != null && (resource.getLocation().equals(name) || resource.getLocation().endsWith(":" + name));
    }

    /** Stops the routes of a file if none of them is at work; with one that begins something meanwhile, all go on. */
    private boolean stop(String name) {
        List<RouteDefinition> stopped = new ArrayList<>();
        List<RouteDefinition> routes = routes(name);
        boolean idle = routes.stream().allMatch(route -> camel.getInflightRepository().size(route.getRouteId()) == 0);
        for (RouteDefinition route : idle ? routes : List.<RouteDefinition>of()) {
            if (!stop(route)) {
                stopped.forEach(this::start);
                return false;
            }
            stopped.add(route);
        }
        return idle;
    }

    private boolean stop(RouteDefinition route) {
        try {
            return camel.getRouteController().stopRoute(route.getRouteId(), PATIENCE_SECONDS, TimeUnit.SECONDS, true);
        } catch (Exception e) {
            throw new IllegalStateException("route " + route.getRouteId() + " does not stop", e);
        }
    }

    private void start(String name) {
        routes(name).forEach(this::start);
    }

    private void start(RouteDefinition route) {
        try {
            camel.getRouteController().startRoute(route.getRouteId());
        } catch (Exception e) {
            throw new IllegalStateException("route " + route.getRouteId() + " does not start again", e);
        }
    }

    private void remove(String name) {
        try {
            for (RouteDefinition route : routes(name)) {
                camel.removeRouteDefinition(route);
            }
            camel.getRouteConfigurationDefinitions().removeAll(configurations.getOrDefault(name, List.of()));
            configurations.remove(name);
        } catch (Exception e) {
            throw new IllegalStateException("the routes of " + name + " do not go", e);
        }
    }
}
