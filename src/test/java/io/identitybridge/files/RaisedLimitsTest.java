package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation.Limit;
import io.identitybridge.model.Organisation.Raised;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RaisedLimitsTest {
    private static final String FILE = "mappings/portkey.yaml";
    private static final String COMMENT = "  # raised: [";
    private static final String WHOLE = "{class: archive, source: okta, to: {share: 30%, always-allow: 100}, why: the spring reorganisation, until: 2026-12-01}";

    @Test
    void the_line_that_the_shipped_file_suggests_is_read() {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        texts.computeIfPresent(FILE, (name, text) -> text.replace(COMMENT, "  raised: ["));
        assertThat(FileReader.read(texts).portkey().limits().raised()).containsExactly(
                new Raised(ChangeClass.ARCHIVE, new SourceName("okta"), new Limit(0.3, 100), "the spring reorganisation", LocalDate.parse("2026-12-01")));
    }

    @Test
    void one_whose_day_is_over_is_no_fault() {
        assertThat(raised(WHOLE.replace("2026-12-01", "2020-01-01"))).isEmpty();
    }

    @Test
    void a_raise_has_a_reason_an_end_and_a_limit() {
        assertThat(raised(WHOLE.replace(", until: 2026-12-01", ""))).contains("'until' is missing");
        assertThat(raised(WHOLE.replace(" why: the spring reorganisation,", ""))).contains("'why' is missing");
        assertThat(raised(WHOLE.replace("2026-12-01", "2026-13-01"))).contains("is not a date");
        assertThat(raised(WHOLE.replace("{share: 30%, always-allow: 100}", "{share: 30%}"))).contains("a limit is a share and what is always allowed");
        assertThat(raised(WHOLE.replace("source: okta", "source: otka"))).contains("unknown source 'otka'; did you mean 'okta'?");
        assertThat(raised(WHOLE.replace("class: archive", "class: archvie"))).contains("did you mean 'archive'?");
    }

    private static String raised(String raise) {
        return String.join("\n", faults(FILE, COMMENT, "  raised: [" + raise + "]\n  # raised: ["));
    }
}
