package io.identitybridge.check;

import io.identitybridge.files.Tree;
import io.identitybridge.model.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteDefinitionHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.qpid.jms.JmsConnectionFactory;

/**
 * Lets Camel itself read the route files, build each route as it does at a start, and start it: endpoints with their options,
 * expressions and classes resolve, producers begin, or that is a fault. What a route begins with is built and then left out, so no port
 * opens, nothing is called and no clock runs.
 */
final class CamelLoad {
    private final Map<String, String> texts;
    private final CamelFaults told;
    private final List<FileFault> faults = new ArrayList<>();
    private boolean unread;

    /** @param trees the same files as the lint reads them */
    CamelLoad(Map<String, String> texts, Map<String, Tree> trees) {
        this.texts = texts;
        this.told = new CamelFaults(texts, trees);
    }

    List<FileFault> faults() {
        in(scratch -> {
            unread = !faults.isEmpty();
            scratch.getRouteDefinitions().forEach(route -> build(scratch, route));
        });
        if (faults.isEmpty()) {
            in(this::start);
        }
        return faults.stream().distinct().toList();
    }

    private void in(Consumer<DefaultCamelContext> work) {
        try (DefaultCamelContext scratch = new DefaultCamelContext()) {
            scratch.disableJMX();
            RouteLint.BEANS.forEach(name -> scratch.getRegistry().bind(name, (Processor) exchange -> { }));
            scratch.getRegistry().bind("idp", new IdpStandIn());
            scratch.getRegistry().bind("jms", JmsComponent.jmsComponent(new JmsConnectionFactory("amqp://localhost"))); // connects with the first message
            scratch.build();
            read(scratch);
            work.accept(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a file could not even be read as routes. */
    boolean unread() {
        return unread;
    }

    /** Configurations of routes first: they hold for the routes of every file. */
    private void read(DefaultCamelContext scratch) {
        List<Map.Entry<String, RoutesBuilder>> builders = new ArrayList<>();
        texts.forEach((name, text) -> orFault(name, () -> PluginHelper.getRoutesLoader(scratch).findRoutesBuilders(ResourceHelper.fromString(name, text))
                .forEach(builder -> builders.add(Map.entry(name, builder)))));
        builders.forEach(builder -> {
            if (builder.getValue() instanceof RouteConfigurationsBuilder configurations) {
                orFault(builder.getKey(), () -> scratch.addRoutesConfigurations(configurations));
            }
        });
        builders.forEach(builder -> orFault(builder.getKey(), () -> scratch.addRoutes(builder.getValue())));
    }

    private void build(DefaultCamelContext scratch, RouteDefinition route) {
        if (later(route)) {
            return;
        }
        orFault(file(route), () -> {
            if (!route.isPrepared()) {
                RouteDefinitionHelper.prepareRoute(scratch, route);
                route.markPrepared();
            }
            Model model = scratch.getCamelContextExtension().getContextPlugin(Model.class);
            ServiceHelper.initService(model.getModelReifierFactory().createRoute(scratch, route).getEndpoint());
        });
    }

    private void start(DefaultCamelContext scratch) {
        int n = 0;
        List<RouteDefinition> routes = scratch.getRouteDefinitions().stream().filter(route -> !later(route)).toList();
        scratch.getRouteDefinitions().removeIf(this::later);
        for (RouteDefinition route : routes) {
            if (!route.getInput().getEndpointUri().startsWith("direct:")) {
                route.setInput(null); // it may have only one
                route.setInput(new FromDefinition("direct:begins-" + n++));
            }
        }
        scratch.setAutoStartup(false);
        orFault("", scratch::start);
        routes.forEach(route -> orFault(file(route), () -> scratch.getRouteController().startRoute(route.getRouteId())));
    }

    private static String file(RouteDefinition route) {
        return route.getResource() == null ? "" : route.getResource().getLocation();
    }

    /** Whether it depends on values that only a start has. */
    private boolean later(RouteDefinition route) {
        return Boolean.TRUE.equals(route.isTemplate()) || route.getPrecondition() != null || texts.getOrDefault(file(route), "{{").contains("{{");
    }

    private void orFault(String file, Step step) {
        try {
            step.take();
        } catch (Exception e) { // Camel declares no narrower one
            faults.addAll(told.of(file, e));
        }
    }

    private interface Step {
        void take() throws Exception;
    }
}
