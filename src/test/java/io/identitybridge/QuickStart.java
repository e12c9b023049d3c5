package io.identitybridge;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * For a test that starts very many bridges: one of them runs first and ends by itself, and what its JVM has learnt (an AOT cache, JEP 514; before Java 25 a class data archive)
 * halves what each start after it costs. The bridges are the same in all else, and a JVM that cannot use what was learnt starts as ever.
 */
public final class QuickStart {
    private static final int AOT_CACHES = 25;

    private final Path jar;
    private final Path learnt;

    /** @param folder where the bridge's classes are put into a jar, because nothing is learnt of classes in folders, and what is learnt */
    public QuickStart(Path folder) throws IOException {
        this.jar = folder.resolve("bridge.jar");
        this.learnt = folder.resolve("bridge.learnt");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> all = Files.walk(Path.of("target/classes"))) {
            out.setLevel(0);
            for (Path file : all.sorted().toList()) {
                String name = Path.of("target/classes").relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.isEmpty()) {
                    out.putNextEntry(new ZipEntry(Files.isDirectory(file) ? name + "/" : name)); // Spring looks for its folders, too
                    out.write(Files.isDirectory(file) ? new byte[0] : Files.readAllBytes(file));
                }
            }
        }
    }

    /** Options of the one that runs first, whose {@link BridgeProcess#close} writes down what was learnt. */
    public String[] learning(String... options) {
        return with(options, (aot() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + learnt);
    }

    /** Options of all others, the same ones. */
    public String[] learnt(String... options) {
        return Files.exists(learnt) ? with(options, (aot() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + learnt) : with(options);
    }

    private String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(List.of("-cp", classPath()));
        all.addAll(List.of(options));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private String classPath() {
        List<String> parts = new ArrayList<>(List.of(jar.toString()));
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).filter(part -> part.endsWith(".jar")).forEach(parts::add);
        return String.join(File.pathSeparator, parts);
    }

    private static boolean aot() {
        return Runtime.version().feature() >= AOT_CACHES;
    }
}
