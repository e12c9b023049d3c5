package io.identitybridge.cli;

import io.identitybridge.check.DiskCheck;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Needs no running bridge. Files that are named stand in for those of the same name in the set, so that a draft can lie anywhere. */
@Command(name = "check", description = "Lints routes, sources and mappings (BRIDGE_ROUTES, BRIDGE_MAPPINGS), and runs the tests in them.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Parameters(paramLabel = "FILE", description = "show the faults of these only; all files are read either way")
    List<Path> files = List.of();

    private final Map<String, Path> named = new LinkedHashMap<>();

    @Override
    public Integer call() {
        List<FileFault> faults = faults();
        form.show(Api.JSON.valueToTree(Map.of("faults", faults)), () -> {
            faults.forEach(fault -> form.out().println(fault));
            form.out().println(faults.isEmpty() ? "no fault" : faults.size() == 1 ? "1 fault" : faults.size() + " faults");
        });
        return faults.isEmpty() ? 0 : 1;
    }

    private List<FileFault> faults() {
        Map<String, String> drafts = drafts();
        try {
            return mine(DiskCheck.run(folder("BRIDGE_ROUTES", "routes"), folder("BRIDGE_MAPPINGS", "mappings"), drafts));
        } catch (FileFaults wrong) {
            List<FileFault> mine = mine(wrong.faults());
            return mine.isEmpty() ? wrong.faults() : mine; // without a whole set nothing can be said of the named ones
        }
    }

    private Path folder(String setting, String otherwise) {
        return Path.of(form.environment().getOrDefault(setting, otherwise));
    }

    private Map<String, String> drafts() {
        Map<String, String> texts = new TreeMap<>();
        for (Path file : files) {
            String name = name(file);
            named.put(name, file);
            texts.put(name, text(file));
        }
        return texts;
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw CliFault.use(file + " is no file that the bridge reads; those are <name>.camel.yaml, <name>.source.yaml, errors.causes.yaml and mappings, <name>.yaml");
        }
        return (name.endsWith(".camel.yaml") || name.endsWith(".source.yaml") || name.endsWith(".causes.yaml") ? "routes/" : "mappings/") + name;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw CliFault.use(file + " cannot be read");
        }
    }

    /** Those of the named files, under the name they were given by; all where none is named. */
    private List<FileFault> mine(List<FileFault> faults) {
        return named.isEmpty() ? faults : faults.stream().filter(fault -> named.containsKey(fault.file()))
                .map(fault -> new FileFault(named.get(fault.file()).toString(), fault.line(), fault.column(), fault.wrong(), fault.todo())).toList();
    }
}
