package io.identitybridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the shipped routes and mappings for one test: only some sources, nothing by the clock, lines edited. */
public final class BridgeFiles {
    private static final List<String> OF_ALL = List.of("reconcile.camel.yaml", "scim-push.camel.yaml", "errors.camel.yaml", "publish.camel.yaml", "pull-now.camel.yaml");

    public final Path folder;
    public final Path routes;
    public final Path mappings;

    private BridgeFiles(Path folder) {
        this.folder = folder;
        this.routes = folder.resolve("routes");
        this.mappings = folder.resolve("mappings");
    }

    /** The shipped files of these sources, without their clocks. */
    public static BridgeFiles of(Path folder, String... sources) {
        BridgeFiles files = new BridgeFiles(folder);
        try {
            Files.createDirectories(files.routes);
            Files.createDirectories(files.mappings);
            for (String name : OF_ALL) {
                Files.copy(Path.of("routes", name), files.routes.resolve(name));
            }
            Files.copy(Path.of("mappings/portkey.yaml"), files.mappings.resolve("portkey.yaml"));
            for (String source : sources) {
                Files.copy(Path.of("routes", source + ".source.yaml"), files.routes.resolve(source + ".source.yaml"));
                Files.copy(Path.of("mappings", source + ".yaml"), files.mappings.resolve(source + ".yaml"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The same in a folder of their own, which goes with the bridge that {@link TestBridge#of(BridgeFiles, String...)} starts on them. */
    public static BridgeFiles of(String... sources) {
        try {
            return of(Files.createTempDirectory("bridge"), sources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many may leave in a day as a class's tests want: the guard is no matter of theirs. */
    public BridgeFiles manyMayLeave() {
        return edit("portkey.yaml", "archive: {share: 5%,  always-allow: 5}", "archive: {share: 5%,  always-allow: 500}");
    }

    /** Replaces a text wherever it stands in mappings and portkey.yaml. */
    public BridgeFiles everywhere(String from, String to) {
        try (Stream<Path> all = Files.list(mappings)) {
            for (Path file : all.toList()) {
                Files.writeString(file, Files.readString(file).replace(from, to));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Replaces the one place where this text stands, in the file of that name. */
    public BridgeFiles edit(String name, String from, String to) {
        Path file = Stream.of(routes.resolve(name), mappings.resolve(name)).filter(Files::exists).findFirst().orElseThrow(() -> new IllegalArgumentException("no file " + name));
        try {
            String text = Files.readString(file);
            if (text.split(java.util.regex.Pattern.quote(from), -1).length != 2) {
                throw new IllegalArgumentException(name + " does not hold once: " + from);
            }
            Files.writeString(file, text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
