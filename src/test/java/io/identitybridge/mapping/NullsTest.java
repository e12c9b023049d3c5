package io.identitybridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.files.FileSet;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graph and Google declare every field nullable: whichever is null or left out, nobody has left for it. */
class NullsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Map<String, Object> BESIDE = Map.of("units", List.of("id:1"), "app", Map.of(), "assignments", List.of(Map.of("principalType", "User", "appRoleId", "r")));
    private static final FileSet SET = FileReader.read(FileReader.texts(Path.of("routes"), Path.of("mappings")));

    @ParameterizedTest
    @ValueSource(strings = {"entra", "google"})
    void nobody_leaves_for_a_field_that_is_null(String source) {
        Mapping mapping = Mapping.compile(SET, new SourceName(source));
        Map<String, Object> ada = SET.mapping(new SourceName(source)).orElseThrow().fixtures().get("ada");
        assertThat(made(mapping, ada).standing().orElseThrow()).isIn(Standing.IN, Standing.IN_IF_PLACED);
        assertThat(ada).hasSizeGreaterThan(4);
        for (String field : ada.keySet()) {
            Map<String, Object> poorer = new LinkedHashMap<>(ada);
            poorer.put(field, null);
            assertThat(made(mapping, poorer).standing().orElse(Standing.KEPT)).as(field + " is null").isIn(Standing.IN, Standing.IN_IF_PLACED, Standing.KEPT);
            poorer.remove(field);
            assertThat(made(mapping, poorer).standing().orElse(Standing.KEPT)).as(field + " is left out").isIn(Standing.IN, Standing.IN_IF_PLACED, Standing.KEPT);
        }
    }

    private static MappedUser made(Mapping mapping, Map<String, Object> record) {
        Map<String, Object> variables = new LinkedHashMap<>(BESIDE);
        variables.put("record", record);
        return mapping.user(new Input("x", Optional.of(mapping.projectUser(variables)), Optional.empty(), false), NOW);
    }
}
