package io.identitybridge.flow;

import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.RouteListing;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The active set of files, compiled: what every bridge works by.
 *
 * @param overrides what operators say of single accounts meanwhile
 */
public record Active(FileSet files, Map<SourceName, Mapping> mappings, Overriding overrides) {
    private static final Duration DEFAULT_LAG = Duration.ofSeconds(30);

    /** Compiles every mapping; throws {@link io.identitybridge.model.FileFaults} if one is wrong. */
    static Active of(FileSet files) {
        return of(files, Overriding.NONE);
    }

    static Active of(FileSet files, Overriding overrides) {
        Map<SourceName, Mapping> compiled = new TreeMap<>();
        files.mappings().keySet().forEach(name -> compiled.put(name, Mapping.compile(files, name)));
        return new Active(files, Map.copyOf(compiled), overrides);
    }

    public Organisation organisation() {
        return files.portkey();
    }

    /** What failures mean, and what follows from them. */
    public Causes causes() {
        return files.causes();
    }

    /** The texts of the route files by name. */
    Map<String, String> routes() {
        Map<String, String> routes = new TreeMap<>(files.texts());
        routes.keySet().removeIf(name -> !name.endsWith(".camel.yaml"));
        return routes;
    }

    /** The Camel components that routes may use. */
    Set<String> components() {
        return RouteListing.of(files).components();
    }

    public Optional<Mapping> mapping(SourceName source) {
        return Optional.ofNullable(mappings.get(source));
    }

    MappingFile.Deprovision deprovision(SourceName source) {
        return files.mapping(source).orElseThrow(() -> new IllegalStateException("no mapping for source " + source + ": mappings/" + source + ".yaml")).deprovision();
    }

    /** How long the IdP may still show the old after a push: as portkey.yaml says, else the source file (2 minutes by default); 30 s for a source that only pushes. */
    Duration lag(SourceName source) {
        return organisation().rule(source).lag().or(() -> files.source(source).map(file -> file.lag())).orElse(DEFAULT_LAG);
    }

    Rules rules(Instant now) {
        return new Rules(organisation(), mappings.keySet(), Map.of(), files.hash(), now, Optional.empty());
    }
}
