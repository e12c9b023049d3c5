package io.identitybridge.flow;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.PluginHelper;

/**
 * The components that Camel may make endpoints of: those that are listed for routes, however an address was written or came about at work;
 * of {@code bean} only the steps, by their names.
 */
final class ListedComponents implements ComponentResolver {
    private final CamelContext camel;
    private final ComponentResolver all;
    private volatile Set<String> listed;

    private ListedComponents(CamelContext camel, Set<String> listed) {
        this.camel = camel;
        this.listed = listed;
        this.all = PluginHelper.getComponentResolver(camel.getCamelContextExtension());
    }

    /** Bounds a context before its first route. */
    static ListedComponents bound(CamelContext camel, Set<String> listed) {
        ListedComponents bound = new ListedComponents(camel, listed);
        camel.getCamelContextExtension().addContextPlugin(ComponentResolver.class, bound);
        return bound;
    }

    /** Whether something that is listed now would not be any more. */
    boolean fewer(Set<String> next) {
        return !next.containsAll(listed);
    }

    /** While routes change, both what was listed and what is going to be; then only the next, or, where that throws, what was before. */
    void change(Set<String> next, Runnable routes) {
        Set<String> before = listed;
        Set<String> both = new TreeSet<>(before);
        both.addAll(next);
        listed = both;
        try {
            routes.run();
        } catch (RuntimeException e) {
            listed = before;
            throw e;
        }
        listed = next;
        camel.getComponentNames().stream().filter(name -> !next.contains(name)).toList().forEach(camel::removeComponent);
    }

    @Override
    public Component resolveComponent(String name, CamelContext context) throws Exception {
        if (!listed.contains(name)) {
            throw new IllegalArgumentException("component '" + name + "' is not listed for routes: whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {components: [" + name + "]}");
        }
        return name.equals("bean") ? new Steps() : all.resolveComponent(name, context);
    }

    private static final class Steps extends BeanComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
            if (getCamelContext().getRegistry().lookupByNameAndType(remaining, Processor.class) == null) {
                throw new IllegalArgumentException("bean '" + remaining + "' is no step for routes");
            }
            return super.createEndpoint(uri, remaining, parameters);
        }
    }
}
