package io.identitybridge.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;

/** The words that Camel knows, to guess which one was meant. Looked up only where there is a fault. */
final class CamelWords {
    /** What routes usually catch. */
    static final Set<String> EXCEPTIONS = Set.of("io.identitybridge.source.SourceUnavailable", "java.lang.Exception", "java.lang.Throwable", "java.lang.RuntimeException",
            "java.lang.IllegalStateException", "java.lang.IllegalArgumentException", "java.io.IOException");
    /** What a Simple expression usually begins with. */
    static final Set<String> FUNCTIONS = Set.of("body", "header", "headers", "exchangeProperty", "variable", "exception", "exchangeId", "routeId", "id", "date", "bean", "env", "sys", "ref", "random");

    private CamelWords() {
    }

    /** The schemes of the components that are there: {@code direct}, {@code quartz} and so on. */
    static Set<String> schemes() {
        Set<String> schemes = new TreeSet<>(Set.of("idp"));
        try {
            for (URL jar : Collections.list(CamelWords.class.getClassLoader().getResources("META-INF/services/org/apache/camel/component.properties"))) {
                Properties properties = new Properties();
                try (InputStream in = jar.openStream()) {
                    properties.load(in);
                }
                schemes.addAll(List.of(properties.getProperty("components", "").split("\\s+")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemes;
    }

    /** The options of a component's endpoints; none where it does not say. */
    static Set<String> options(String scheme) {
        if (scheme.equals("idp")) {
            return Set.of("full");
        }
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return Optional.ofNullable(context.getCamelContextExtension().getEndpointUriFactory(scheme)).map(factory -> new TreeSet<>(factory.propertyNames())).orElseGet(TreeSet::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of route files. */
    static Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        try (InputStream schema = CamelWords.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            keys(new ObjectMapper().readTree(schema), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }

    private static void keys(JsonNode node, Set<String> keys) {
        node.path("properties").fieldNames().forEachRemaining(keys::add);
        node.forEach(below -> keys(below, keys));
    }
}
