package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EditsTest {
    @Test
    void lines_that_were_changed_added_or_taken_out_are_named_as_the_file_has_them_now() {
        assertThat(Edits.lines("a\nb\nc\n", "a\nB\nc\n")).isEqualTo(":2");
        assertThat(Edits.lines("a\nb\nc\n", "a\nx\ny\nb\nc\n")).isEqualTo(":2");
        assertThat(Edits.lines("a\nb\nc\n", "a\nc\n")).as("where it was").isEqualTo(":2");
        assertThat(Edits.lines("a\nb\nc\nd\n", "A\nb\nc\nD\n")).isEqualTo(":1, 4");
        assertThat(Edits.lines("a\n", "a\n")).isEmpty();
    }

    @Test
    void many_places_are_not_all_listed() {
        assertThat(Edits.lines("1\n.\n2\n.\n3\n.\n4\n.\n5\n.\n6\n", "a\n.\nb\n.\nc\n.\nd\n.\ne\n.\nf\n")).isEqualTo(":1, 3, 5, 7, 9 and more");
    }
}
