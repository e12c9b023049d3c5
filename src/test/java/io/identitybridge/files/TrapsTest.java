package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrapsTest {
    private static final String OKTA = "mappings/okta.yaml";
    private static final String EMAIL = "record.profile.email.lowerAscii()";
    private static final int LINE = Shipped.line(OKTA, EMAIL);

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("!record.off", 16, "a value that begins with ! is a tag in YAML"),
                Arguments.of("!has(record.x) && record.y", 16, "a value that begins with ! is a tag in YAML"),
                Arguments.of("record.a + \" # \" + record.b", 28, "' #' begins a comment in YAML, so 'record.a + \"' is all that is read"),
                Arguments.of("Team #1", 20, "' #' begins a comment in YAML, so 'Team' is all that is read"),
                Arguments.of("record.x ? record.a : record.b", 36, "': ' inside an unquoted value begins a map in YAML (a ternary needs quotes)"),
                Arguments.of("[record.x ? record.a : record.b]", 16, "expected text, found a list"),
                Arguments.of("[record.a].join(\" \")", 16, "a value that begins with [ is a list in YAML, and nothing may follow it"),
                Arguments.of("{{env:MAIL}}", 16, "expected text, found a map"),
                Arguments.of("{{env:MAIL}}/x", 16, "a value that begins with { is a map in YAML, and nothing may follow it"),
                Arguments.of("\"a\" + record.b", 16, "the value begins with a quoted part and goes on behind it"),
                Arguments.of("*all", 16, "a value that begins with & or * is an anchor or alias in YAML"),
                Arguments.of("@record", 16, "a value that begins with @ has a meaning of its own in YAML"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void an_unquoted_value_that_yaml_reads_as_something_else_is_explained(String value, int column, String explained) {
        List<String> faults = Shipped.faults(OKTA, EMAIL, value);
        assertThat(faults.get(0)).startsWith(OKTA + ":" + LINE + ":" + column + ": ").contains(explained).contains("quotes");
    }

    static Stream<Arguments> indents() {
        return Stream.of(
                Arguments.of("\temail: ", "a tab; YAML is indented by blanks only; replace the tab by blanks"),
                Arguments.of("   email: ", "broken indent: this line is indented deeper than line " + (LINE - 1) + ", which has a value already"),
                Arguments.of(" email: ", "broken indent: this line begins with 1 blanks"));
    }

    @ParameterizedTest
    @MethodSource("indents")
    void a_tab_and_a_broken_indent_are_explained(String written, String explained) {
        assertThat(Shipped.faults(OKTA, "  email: ", written)).singleElement().asString().startsWith(OKTA + ":").contains(explained);
    }

    @Test
    void a_change_sentence_with_a_colon_needs_quotes() {
        assertThat(Shipped.faults(OKTA, "      - create workspace Complex Workspace", "      - update user ada@acme.com: displayName \"A\" -> \"B\""))
                .singleElement().asString().contains("expected text, found a map (an unquoted ': ' makes a map").endsWith("put the whole value in single quotes");
    }

    @Test
    void a_broken_indent_in_a_route_has_its_line() {
        assertThat(Shipped.faults("routes/okta-pull.camel.yaml", "      steps:", "     steps:")).singleElement().asString().startsWith("routes/okta-pull.camel.yaml:9:6: broken indent");
    }

    @Test
    void a_hash_in_a_list_on_one_line_is_explained() {
        int line = Shipped.line(OKTA, "[Sales, Engineering]");
        assertThat(Shipped.faults(OKTA, "[Sales, Engineering]", "[Team #1]")).containsExactly(OKTA + ":" + line + ":22: ' #' begins a comment in YAML, so what is opened in column 17 is not closed; put the value with the # in quotes, as [\"Team #1\"]");
    }

    @Test
    void a_key_without_a_blank_behind_its_colon_is_told_as_that() {
        int line = Shipped.line(OKTA, "- group: AI Platform");
        assertThat(Shipped.faults(OKTA, "- group: AI Platform Leads\n", "- group:AI Platform Leads\n")).containsExactly(OKTA + ":" + line + ":10: no blank behind the ':' of 'group', so it is no key; write  group: AI Platform Leads");
        assertThat(Shipped.faults(OKTA, "- group: pattern  ", "- group:pattern  ")).singleElement().asString().contains("no blank behind the ':' of 'group'", "write  group: pattern");
        assertThat(Shipped.faults(OKTA, "    role: member", "    role:member")).singleElement().asString().contains(":9: no blank behind the ':' of 'role'", "write  role: member");
        assertThat(Shipped.faults(OKTA, "mapping: okta", "mapping:okta")).singleElement().asString().contains(":8: no blank behind the ':' of 'mapping'");
    }

    @Test
    void comments_are_comments() {
        assertThat(Shipped.faults(OKTA, EMAIL, EMAIL + " # don't (touch")).isEmpty();
        assertThat(Shipped.faults(OKTA, EMAIL, EMAIL + "   #aligned")).isEmpty();
        assertThat(Shipped.faults(OKTA, EMAIL, "'record.a + \" # \"'   # quoted")).isEmpty();
    }
}
