package io.identitybridge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.type.classreading.MetadataReader;

/** Starts of Spring contexts in one JVM go one after the other: each sets up the JVM's one logging system anew. */
public final class OneStart {
    /** What Spring has read of class files, which are the same for each start: an eighth of a start's work. */
    private static final Map<Resource, MetadataReader> READ = new ConcurrentHashMap<>();

    private OneStart() {
    }

    public static synchronized <T> T of(Supplier<T> start) {
        return start.get();
    }

    /** The whole bridge. */
    static ConfigurableApplicationContext bridge(String... arguments) {
        return of(() -> new SpringApplicationBuilder(Bridge.class).initializers(OneStart::shareReading).run(arguments));
    }

    private static void shareReading(ConfigurableApplicationContext context) {
        Map<Resource, MetadataReader> reading = ((DefaultResourceLoader) context).getResourceCache(MetadataReader.class);
        reading.putAll(READ);
        context.addBeanFactoryPostProcessor(factory -> READ.putAll(reading)); // comes after all class files are read
    }
}
