package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.SourceName;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EditsTest {
    @Test
    void lines_that_were_changed_added_or_taken_out_are_named_as_the_file_has_them_now() {
        assertThat(lines("a\nb\nc\n", "a\nB\nc\n")).isEqualTo(":2");
        assertThat(lines("a\nb\nc\n", "a\nx\ny\nb\nc\n")).isEqualTo(":2");
        assertThat(lines("a\nb\nc\n", "a\nc\n")).as("where it was").isEqualTo(":2");
        assertThat(lines("a\nb\nc\nd\n", "A\nb\nc\nD\n")).isEqualTo(":1, 4");
        assertThat(lines("a\n", "a\n")).isEmpty();
    }

    @Test
    void what_takes_nothing_away_from_a_sources_people_is_idle() {
        List<String> mapping = "mapping: lab\nuser:\n  userName: a\n  displayName: b\n    + c\n  active: d\n# e\nscim:\n  user: {displayName: f, active: g}\ntests:\n  - name: h\n".lines().toList();
        assertThat(idle(mapping)).containsExactly(3, 4, 5, 7, 10, 11);
        List<String> portkey = "organisation: acme\nsources:\n  lab: {mode: apply}\n  okta:\n    mode: apply\npublish:\n  lag: 1m\nprotected: []\n".lines().toList();
        assertThat(idle(portkey)).containsExactly(4, 5, 6, 7);
    }

    private static List<Integer> idle(List<String> text) {
        IdleLines idle = new IdleLines(text, new SourceName("lab"));
        return IntStream.rangeClosed(1, text.size()).filter(n -> idle.all(n - 1, 1)).boxed().toList();
    }

    private static String lines(String before, String now) {
        return new Edits.Place("", Edits.lines(before, now)).toString();
    }

    @Test
    void many_places_are_not_all_listed() {
        assertThat(lines("1\n.\n2\n.\n3\n.\n4\n.\n5\n.\n6\n", "a\n.\nb\n.\nc\n.\nd\n.\ne\n.\nf\n")).isEqualTo(":1, 3, 5, 7, 9 and more");
    }
}
