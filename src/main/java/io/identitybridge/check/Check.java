package io.identitybridge.check;

import io.identitybridge.files.FileCheck;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import io.identitybridge.source.SourceTests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that can be said of a set of files before it is at work: expressions compile, the tests in the files hold, the routes can run. */
public final class Check implements FileCheck {
    @Override
    public List<FileFault> run(FileSet set) {
        List<FileFault> faults = new ArrayList<>();
        set.sources().values().forEach(source -> {
            faults.addAll(SourceTests.filters(source));
            sourceTests(source, faults);
        });
        set.mappings().values().forEach(file -> mapping(set, file, faults));
        faults.addAll(new RouteLint(set).faults());
        return faults.stream().sorted().distinct().toList();
    }

    private static void sourceTests(SourceFile source, List<FileFault> faults) {
        source.tests().forEach(test -> SourceTests.run(source, test).ifPresent(why ->
                faults.add(test.at().fault("test '" + test.name() + "': " + why, "change the reading or what the test expects"))));
    }

    private static void mapping(FileSet set, MappingFile file, List<FileFault> faults) {
        Mapping mapping;
        try {
            mapping = Mapping.compile(set, file.name());
        } catch (FileFaults wrong) {
            faults.addAll(wrong.faults());
            return;
        }
        Coverage coverage = new Coverage(file, set.source(file.name()).isPresent());
        Map<String, FileFault> failed = new LinkedHashMap<>();
        for (MappingFile.Test test : file.tests()) {
            Outcome outcome = new MappingTest(set, file, mapping, test).run();
            coverage.add(outcome);
            new Differences(file, test, outcome).faults().forEach(fault -> failed.putIfAbsent(what(fault), fault));
        }
        List<FileFault> found = List.copyOf(failed.isEmpty() ? coverage.faults() : failed.values()); // a rule that a failing test would have met is no second fault
        faults.addAll(found);
        if (!found.isEmpty()) {
            faults.addAll(new OptionalFields(set, file).faults());
        }
    }

    /** One expression that fails in ten tests is one fault. */
    private static String what(FileFault fault) {
        return fault.line() + ":" + fault.column() + fault.wrong().replaceFirst("^test '.*?': ", "");
    }
}
