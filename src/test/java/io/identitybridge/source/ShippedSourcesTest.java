package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.files.SourceFile;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that stand in the shipped source files. */
class ShippedSourcesTest {
    @TestFactory
    Stream<DynamicTest> every_test_in_a_shipped_source_file_holds() {
        return FileReader.read(FileReader.texts(Path.of("routes"), Path.of("mappings"))).sources().values().stream()
            .flatMap(file -> file.tests().stream().map(test -> DynamicTest.dynamicTest(file.name() + ": " + test.name(), () -> holds(file, test))));
    }

    private static void holds(SourceFile file, SourceFile.Test test) {
        assertThat(SourceTests.run(file, test)).isEmpty();
    }
}
