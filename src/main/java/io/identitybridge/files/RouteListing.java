package io.identitybridge.files;

import java.util.Set;
import java.util.TreeSet;

/**
 * What route files may reach, as mappings/portkey.yaml lists it.
 *
 * @param components schemes of Camel components, and names of its languages; a class by its name goes by {@code class}
 * @param settings   names by which a placeholder or {@code ${env:}} may read a setting; none without a word
 */
public record RouteListing(Set<String> components, Set<String> settings) {
    /** Without a word in portkey.yaml. */
    private static final Set<String> ALWAYS = Set.of("bean", "direct", "http", "https", "idp", "jms", "log", "quartz", "seda", "servlet", "smtp", "smtps", "timer");

    public RouteListing {
        components = Set.copyOf(components);
        settings = Set.copyOf(settings);
    }

    public static RouteListing of(FileSet set) {
        Set<String> components = new TreeSet<>(ALWAYS);
        Set<String> settings = new TreeSet<>();
        Tree.read("mappings/portkey.yaml", set.texts().getOrDefault("mappings/portkey.yaml", ""), fault -> { }).flatMap(portkey -> portkey.get("routes")).ifPresent(routes -> {
            routes.get("components").ifPresent(all -> all.items().forEach(one -> one.asText().ifPresent(components::add)));
            routes.get("settings").ifPresent(all -> all.items().forEach(one -> one.asText().ifPresent(settings::add)));
        });
        return new RouteListing(components, settings);
    }
}
