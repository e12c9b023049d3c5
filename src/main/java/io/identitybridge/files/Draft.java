package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A set of files while it is read: each file's tree, by what its name says it is. A file that is no YAML at all stays out, its name does not. */
final class Draft {
    static final String PORTKEY = "mappings/portkey.yaml";
    static final String CAUSES = "routes/errors.causes.yaml";
    private static final Pattern NAME = Pattern.compile("(?:routes/errors\\.causes|routes/(?<source>[^/]+)\\.source|routes/(?<route>[^/]+)\\.camel|mappings/(?<mapping>[^/]+))\\.yaml");

    final SortedMap<String, Tree> sources = new TreeMap<>();
    final SortedMap<String, Tree> mappings = new TreeMap<>();
    final SortedMap<String, Tree> routes = new TreeMap<>();
    private final Map<String, String> texts;
    private final Consumer<FileFault> faults;
    private Optional<Tree> portkey = Optional.empty();
    private Optional<Tree> causes = Optional.empty();

    Draft(Map<String, String> texts, Consumer<FileFault> faults) {
        this.texts = new TreeMap<>(texts);
        this.faults = faults;
        this.texts.forEach(this::add);
        if (!texts.containsKey(PORTKEY)) {
            faults.accept(new FileFault(PORTKEY, 0, 0, "the file is missing", "write it: it says which organisation every mapping leads to"));
        }
    }

    Optional<Tree> portkey() {
        return portkey;
    }

    Optional<Tree> causes() {
        return causes;
    }

    boolean hasMapping(String source) {
        return !source.equals("portkey") && texts.containsKey("mappings/" + source + ".yaml");
    }

    boolean hasSource(String source) {
        return texts.containsKey("routes/" + source + ".source.yaml");
    }

    private void add(String file, String text) {
        Matcher name = NAME.matcher(file);
        if (!name.matches()) {
            faults.accept(new FileFault(file, 0, 0, "neither a source, a route, the causes nor a mapping by its name",
                    "call it routes/<name>.source.yaml, routes/<name>.camel.yaml, routes/errors.causes.yaml or mappings/<name>.yaml"));
            return;
        }
        Tree.read(file, text, faults).ifPresent(tree -> {
            if (file.equals(PORTKEY)) {
                portkey = Optional.of(tree);
            } else if (file.equals(CAUSES)) {
                causes = Optional.of(tree);
            } else if (name.group("source") != null) {
                sources.put(name.group("source"), tree);
            } else if (name.group("route") != null) {
                routes.put(name.group("route"), tree);
            } else {
                mappings.put(name.group("mapping"), tree);
            }
        });
    }
}
