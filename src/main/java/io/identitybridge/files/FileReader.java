package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a whole set of files, or says all that is wrong with it. At most 500 files of 1 MiB. */
public final class FileReader {
    private FileReader() {
    }

    /** The files of two directories by name, {@code routes/...} and {@code mappings/...}. Throws {@link FileFaults} for what cannot be read. */
    public static Map<String, String> texts(Path routes, Path mappings) {
        return new Disk().texts(Map.of("routes", routes, "mappings", mappings));
    }

    /** Parses and checks a whole set. Throws {@link FileFaults} with every fault of it. */
    public static FileSet read(Map<String, String> texts) {
        List<FileFault> faults = new ArrayList<>(Disk.tooMuch(texts));
        orThrow(faults);
        Draft draft = new Draft(texts, faults::add);
        check(draft, faults);
        orThrow(faults);
        Tree portkey = draft.portkey().orElseThrow();
        return new FileSet(hash(texts), Collections.unmodifiableMap(new TreeMap<>(texts)), OrganisationReader.read(portkey),
                each(draft.mappings, MappingReader::read), each(draft.sources, SourceReader::read), draft.causes().map(CausesReader::read).orElse(CausesReader.SHIPPED));
    }

    private static void check(Draft draft, List<FileFault> faults) {
        Organisation.Pattern pattern = draft.portkey().map(OrganisationReader::pattern).orElse(new Organisation.Pattern("ws-", "-role-"));
        draft.portkey().ifPresent(tree -> {
            faults.addAll(SchemaCheck.PORTKEY.faults(tree));
            new OrganisationChecks(tree, faults::add).run();
        });
        draft.causes().ifPresent(tree -> {
            faults.addAll(SchemaCheck.CAUSES.faults(tree));
            new CausesChecks(tree, faults::add).run();
        });
        draft.mappings.values().forEach(tree -> {
            faults.addAll(SchemaCheck.MAPPING.faults(tree));
            new MappingChecks(tree, faults::add).run();
            new RuleChecks(tree, pattern, faults::add).run();
        });
        draft.sources.values().forEach(tree -> {
            faults.addAll(SchemaCheck.SOURCE.faults(tree));
            new SourceChecks(tree, faults::add).run();
        });
        new SetChecks(draft, faults::add).run();
    }

    private static <T> Map<SourceName, T> each(SortedMap<String, Tree> trees, Function<Tree, T> read) {
        Map<SourceName, T> files = new LinkedHashMap<>();
        trees.forEach((name, tree) -> files.put(new SourceName(name), read.apply(tree)));
        return Collections.unmodifiableMap(files);
    }

    private static void orThrow(List<FileFault> faults) {
        if (!faults.isEmpty()) {
            throw new FileFaults(faults);
        }
    }

    /** Lengths go in as well, so that no text can pass for a name. */
    /** SHA-256, as hex, over names and contents. */
    public static String hash(Map<String, String> texts) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(texts).forEach((name, text) -> all.append(name).append(' ').append(text.length()).append('\n').append(text));
        return Hash.of(all.toString());
    }
}
