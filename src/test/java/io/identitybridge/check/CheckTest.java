package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The shipped files are whole; one slip in one line is told with its place and what to do. */
class CheckTest {
    private static final Map<String, String> SHIPPED = FileReader.texts(Path.of("routes"), Path.of("mappings"));

    @Test
    void the_shipped_files_have_no_fault() {
        assertThat(faults(SHIPPED)).isEmpty();
    }

    @Test
    void a_misspelt_key() {
        told("mappings/okta.yaml", "\nuser:  ", "\nusre:  ", "usre", "unknown key 'usre'; did you mean 'user'?");
    }

    @Test
    void an_unknown_function() {
        told("mappings/okta.yaml", "record.profile.login.lowerAscii()", "record.profile.login.lowerAsci()", "()", "undeclared reference to 'lowerAsci'; did you mean 'lowerAscii'?");
    }

    @Test
    void an_unknown_variable() {
        told("mappings/okta.yaml", "displayName: record.profile.firstName", "displayName: recrod.profile.firstName", "recrod", "undeclared reference to 'recrod'; did you mean 'record'?");
    }

    @Test
    void types_that_do_not_go_together() {
        told("mappings/acme-directory.yaml", "string(record.staffNo)", "1 + \"a\"", "+ \"a\"", "found no matching overload for '_+_' applied to '(int, string)'; the types do not go together; convert one of them");
    }

    @Test
    void a_type_that_the_attribute_cannot_have() {
        told("mappings/okta.yaml", "active:      '!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"])'", "active:      '\"yes\"'", "'\"yes\"'", "a truth value (true or false) is needed");
    }

    @Test
    void a_misspelt_field_of_the_identity_provider_met_by_a_test() {
        told("mappings/okta.yaml", "record.profile.login.lowerAscii()", "record.profle.login.lowerAscii()", "record.profle", "no value for 'record.profle.login'; did you mean 'profile'?");
    }

    @Test
    void a_wrong_expected_plan() {
        told("mappings/okta.yaml", "- add ada@acme.com to Complex Workspace as admin", "- add ada@acme.com to Complex Workspace as manager", "add ada@acme.com to Complex Workspace as manager",
                "plan has no line 'add ada@acme.com to Complex Workspace as manager'; it has 'add ada@acme.com to Complex Workspace as admin'");
    }

    @Test
    void a_line_that_no_test_expected() {
        toldBefore("mappings/keycloak.yaml", "      - create workspace Sales\n      - add", "      - add", "- create user ada@acme.com", "plan also has 'create workspace Sales'; add it to plan, or change what leads to it");
    }

    @Test
    void a_rule_that_no_test_meets() {
        told("mappings/keycloak.yaml", "  - group: pattern\n", "  - group: pattern\n  - {group: Architects, workspaces: [Design], role: manager}\n", "{group: Architects", "no test meets this rule; add a test in which it gives somebody a workspace");
    }

    @Test
    void a_cron_that_is_none() {
        told("routes/okta-pull.camel.yaml", "cron: \"0 0/15 * * * ?\"", "cron: \"0 0/15 * * *\"", "\"0 0/15", "cron '0 0/15 * * *' is none: Unexpected end of expression; write seconds minutes hours day month weekday");
    }

    @Test
    void a_broken_indent() {
        told("routes/okta-pull.camel.yaml", "\n      steps:", "\n     steps:", "steps:", "broken indent: this line begins with 5 blanks");
    }

    @Test
    void an_undeclared_setting() {
        told("routes/okta.source.yaml", "url: ${url}/api", "url: ${ulr}/api", "${ulr}", "setting 'ulr' is not declared under settings; did you mean 'url'?");
    }

    @Test
    void a_misspelt_bean() {
        told("routes/reconcile.camel.yaml", "ref: apply", "ref: aply", "aply", "unknown step 'aply'; did you mean 'apply'?");
    }

    @Test
    void a_missing_guard() {
        toldBefore("routes/reconcile.camel.yaml", "        - bean: {ref: guard}         # a plan over its limits is held -> an approved plan\n", "", "bean: {ref: plan}", "step 'guard' is missing after 'plan'; add  - bean: {ref: guard}");
    }

    @Test
    void a_route_that_must_give_its_failures_back_without_its_handler() {
        Map<String, String> files = Map.of("reconcile", "routes/reconcile.camel.yaml", "scim-push", "routes/scim-push.camel.yaml", "run-failed", "routes/errors.camel.yaml", "dead-letter", "routes/errors.camel.yaml");
        files.forEach((id, file) -> told(file, "id: " + id + "\n    errorHandler: {noErrorHandler: {}}", "id: " + id, "id: " + id, "this route needs a handler of errors that does nothing"));
    }

    @Test
    void steps_in_another_order() {
        List<String> faults = edited("routes/reconcile.camel.yaml", "ref: map}", "ref: plan}", "ref: plan}  ", "ref: map}  ");
        assertThat(faults).hasSize(1).first().asString().contains("comes before");
    }

    @Test
    void a_pull_of_a_source_that_no_file_describes() {
        told("routes/okta-pull.camel.yaml", "idp:okta", "idp:otka", "idp:otka", "no source 'otka' (routes/otka.source.yaml); did you mean 'okta'?");
    }

    @Test
    void a_word_that_camel_does_not_know() {
        List<String> faults = faults(edit(SHIPPED, "routes/publish.camel.yaml", "      steps:", "      stpes:"));
        assertThat(faults).hasSize(1).first().asString().startsWith("routes/publish.camel.yaml:").contains("stpes");
    }

    @Test
    void a_test_of_a_source_that_does_not_hold() {
        assertThat(faults(edit(SHIPPED, "routes/lab.source.yaml", "records: [00u1, 00u2, 00u3]", "records: [00u1, 00u2]")).getFirst()).startsWith("routes/lab.source.yaml:").contains("records: [00u1, 00u2, 00u3]; expected [00u1, 00u2]");
    }

    @Test
    void a_target_that_this_version_has_not() {
        assertThat(faults(edit(SHIPPED, "mappings/portkey.yaml", "target: store ", "target: portkey-scim ")).getFirst()).startsWith("mappings/portkey.yaml:4:").contains("portkey-scim").contains("write  store");
    }

    /** One slip is one fault, at the place of that token: the first from the slip on. */
    private static void told(String file, String passage, String instead, String token, String message) {
        Map<String, String> edited = edit(SHIPPED, file, passage, instead);
        told(file, edited, edited.get(file).indexOf(token, SHIPPED.get(file).indexOf(passage)), message);
    }

    /** Likewise, where the fault is told at the last such token before the slip. */
    private static void toldBefore(String file, String passage, String instead, String token, String message) {
        Map<String, String> edited = edit(SHIPPED, file, passage, instead);
        told(file, edited, edited.get(file).lastIndexOf(token, SHIPPED.get(file).indexOf(passage)), message);
    }

    private static void told(String file, Map<String, String> edited, int at, String message) {
        List<String> faults = faults(edited);
        assertThat(faults).as("one slip, one fault").hasSize(1);
        assertThat(faults.getFirst()).startsWith(file + ":" + place(edited.get(file), at) + ": ").contains(message);
    }

    private static String place(String text, int at) {
        String before = text.substring(0, at);
        return (before.chars().filter(c -> c == '\n').count() + 1) + ":" + (at - before.lastIndexOf('\n'));
    }

    private static List<String> edited(String file, String... pairs) {
        String text = SHIPPED.get(file);
        String mark = "@@@@";
        text = text.replace(pairs[0], mark).replace(pairs[2], pairs[3]).replace(mark, pairs[1]);
        Map<String, String> texts = new TreeMap<>(SHIPPED);
        texts.put(file, text);
        return faults(texts);
    }

    private static Map<String, String> edit(Map<String, String> texts, String file, String passage, String instead) {
        if (!texts.get(file).contains(passage)) {
            throw new IllegalArgumentException(file + " does not hold: " + passage);
        }
        Map<String, String> edited = new TreeMap<>(texts);
        edited.put(file, texts.get(file).replace(passage, instead));
        return edited;
    }

    private static List<String> faults(Map<String, String> texts) {
        try {
            return new Check().run(FileReader.read(texts)).stream().map(FileFault::toString).toList();
        } catch (FileFaults wrong) {
            return wrong.faults().stream().map(FileFault::toString).toList();
        }
    }
}
