package io.identitybridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ships for other programs is printed as it is, without a bridge that runs. */
class ExportTest {
    @Test
    void alerts_and_dashboard_are_printed_as_they_ship() throws IOException {
        assertThat(said("export", "alerts")).isEqualTo(Files.readString(Path.of("src/main/resources/ops/alerts.yaml")));
        assertThat(Api.JSON.readTree(said("export", "dashboard")).get("panels")).hasSizeGreaterThan(20);
        assertThat(Api.JSON.readTree(said("export", "alerts", "--json")).get("alerts").asText()).contains("BridgePlanPending");
        assertThat(said("help")).contains("export");
    }

    private static String said(String... words) {
        StringWriter out = new StringWriter();
        assertThat(Main.run(words, Map.of(), bridge -> { }, new PrintWriter(out), new PrintWriter(new StringWriter()))).isZero();
        return out.toString();
    }
}
