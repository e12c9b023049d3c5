package io.identitybridge.check;

import static io.identitybridge.check.Slips.SHIPPED;
import static io.identitybridge.check.Slips.edit;
import static io.identitybridge.check.Slips.edited;
import static io.identitybridge.check.Slips.faults;
import static io.identitybridge.check.Slips.told;
import static io.identitybridge.check.Slips.toldBefore;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One slip in a route file is told with its place and what to do, before any bridge runs by it. */
class RoutesTest {
    private static final String PULL = "routes/acme-directory-pull.camel.yaml";
    private static final String ERRORS = "routes/errors.camel.yaml";
    private static final String PUSH = "routes/scim-push.camel.yaml";

    @Test
    void a_clock_that_is_told_nothing() {
        toldBefore(PULL, "      parameters:\n        cron: \"0 0 * * * ?\"\n", "", "quartz:", "this clock has no cron, and would go every second; add to its parameters, for example  cron: \"0 0/15 * * * ?\"");
    }

    @Test
    void a_cron_that_is_none() {
        told(PULL, "cron: \"0 0 * * * ?\"", "cron: \"0 0 * * *\"", "\"0 0 ", "cron '0 0 * * *' is none: Unexpected end of expression; write seconds minutes hours day month weekday");
    }

    @Test
    void a_misspelt_bean() {
        told("routes/reconcile.camel.yaml", "ref: apply", "ref: aply", "aply", "unknown step 'aply'; did you mean 'apply'?");
    }

    @Test
    void a_route_that_must_give_its_failures_back_without_its_handler() {
        Map<String, String> files = Map.of("reconcile", "routes/reconcile.camel.yaml", "scim-push", PUSH, "run-failed", ERRORS, "dead-letter", ERRORS, "dead-letter-raised", ERRORS);
        files.forEach((id, file) -> told(file, "id: " + id + "\n    errorHandler: {noErrorHandler: {}}", "id: " + id, "id: " + id, "this route needs a handler of errors that does nothing"));
    }

    @Test
    void these_routes_are_known_however_their_beginning_is_written() {
        Map<String, String> files = Map.of("direct:reconcile", "routes/reconcile.camel.yaml", "direct:run-failed", ERRORS, "direct:dead-letter", ERRORS);
        files.forEach((uri, file) -> {
            String name = uri.substring("direct:".length());
            for (String begin : List.of("uri: direct\n      parameters: {name: " + name + "}\n", "uri: direct://" + name + "\n", "uri: \"direct:" + name + "?synchronous=true\"\n")) {
                List<String> faults = edited(file, "id: " + name + "\n    errorHandler: {noErrorHandler: {}}", "id: " + name, "uri: " + uri + "\n", begin);
                assertThat(faults).as(begin).anyMatch(fault -> fault.contains("this route needs a handler of errors that does nothing"));
            }
        });
        assertThat(faults(edit(edit(edit(SHIPPED, PUSH, "id: scim-push\n    errorHandler: {noErrorHandler: {}}", "id: scim-push"), PUSH, "uri: servlet:/v2 ", "uri: servlet "), PUSH, "parameters: {match", "parameters: {contextPath: /v2, match"))).anyMatch(fault -> fault.contains("this route needs a handler of errors that does nothing"));
        assertThat(edited("routes/reconcile.camel.yaml", "uri: direct:reconcile\n", "uri: direct\n      parameters: {name: reconcile}\n", "        - bean: {ref: guard}         # a plan over its limits is held -> an approved plan\n", "")).as("a step that is missing").anyMatch(fault -> fault.contains("step 'guard' is missing"));
    }

    @Test
    void a_bean_that_is_no_step_in_any_spelling() {
        for (String step : List.of("setBody: {method: {ref: environment}}", "to: {uri: \"bean:environment?method=getProperty('x')\"}", "to: {uri: bean, parameters: {beanName: environment, method: getProperty}}", "bean: {ref: \"#environment\"}")) {
            assertThat(faults(edit(SHIPPED, ERRORS, "        - bean: {ref: park}", "        - " + step + "\n        - bean: {ref: park}"))).as(step).first().asString().startsWith(ERRORS + ":27:").contains("unknown step");
        }
    }

    @Test
    void a_missing_guard() {
        toldBefore("routes/reconcile.camel.yaml", "        - bean: {ref: guard}         # a plan over its limits is held -> an approved plan\n", "", "bean: {ref: plan}", "step 'guard' is missing after 'plan'; add  - bean: {ref: guard}");
    }

    @Test
    void steps_in_another_order() {
        List<String> faults = edited("routes/reconcile.camel.yaml", "ref: map}", "ref: plan}", "ref: plan}  ", "ref: map}  ");
        assertThat(faults).hasSize(1).first().asString().contains("comes before");
    }

    @Test
    void a_pull_of_a_source_that_no_file_describes() {
        told(PULL, "idp:acme-directory", "idp:acme-directry", "idp:acme-directry", "no source 'acme-directry' (routes/acme-directry.source.yaml); did you mean 'acme-directory'?");
    }

    @Test
    void a_word_that_camel_does_not_know() {
        List<String> faults = faults(edit(SHIPPED, "routes/publish.camel.yaml", "      steps:", "      stpes:"));
        assertThat(faults).hasSize(1).first().asString().startsWith("routes/publish.camel.yaml:").contains("stpes");
    }

    @Test
    void a_misspelt_key_is_told_where_it_stands() {
        told(PULL, "      steps:", "      stps:", "stps:", "unknown key 'stps'; did you mean 'steps'?");
        told(PULL, "      parameters:", "      paramters:", "paramters:", "unknown key 'paramters'; did you mean 'parameters'?");
        told(PULL, "- route:", "- roote:", "roote:", "unknown key 'roote'; did you mean 'route'?");
        told(ERRORS, "loggingLevel: WARN", "logingLevel: WARN", "logingLevel:", "unknown key 'logingLevel'; did you mean 'loggingLevel'?");
    }

    @Test
    void a_key_that_camel_knows_elsewhere() {
        told(PULL, "      steps:\n        - to: idp:acme-directory\n        - to: direct:reconcile", "    steps:\n      - to: idp:acme-directory\n      - to: direct:reconcile", "steps:", "'steps' has no place here; move it, as the Camel YAML DSL's reference says; steps stand below from");
    }

    @Test
    void a_component_that_is_not_there() {
        told(PULL, "idp:acme", "ipd:acme", "ipd:acme", "no component 'ipd'; did you mean 'idp'?");
        told("routes/publish.camel.yaml", "timer:publish", "tiemr:publish", "tiemr:", "no component 'tiemr'; did you mean 'timer'?");
    }

    @Test
    void a_component_that_is_not_listed_for_routes_until_portkey_yaml_lists_it() {
        told(PULL, "        - to: direct:reconcile", "        - to: file:out", "file:out", "component 'file' is not listed for routes; whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {components: [file]}");
        Map<String, String> listed = new TreeMap<>(edit(SHIPPED, ERRORS, "        - log:\n", "        - to: file:letters\n        - log:\n"));
        assertThat(faults(listed)).hasSize(1);
        listed.computeIfPresent("mappings/portkey.yaml", (name, text) -> text + "\nroutes: {components: [file]}\n");
        assertThat(faults(listed)).isEmpty();
    }

    @Test
    void a_component_that_only_a_message_names() {
        told(PULL, "        - to: direct:reconcile", "        - toD: ${header.where}", "${header.where}", "'${header.where}' says only at work which component it means");
        told(ERRORS, "        - bean: {ref: park}", "        - recipientList: {constant: {expression: \"file:out\"}}", "\"file:out", "component 'file' is not listed for routes");
    }

    @Test
    void a_secret_of_a_source() {
        told(PULL, "        - to: direct:reconcile", "        - to: log:okta?marker={{env:OKTA_TOKEN}}", "log:okta", "'OKTA_TOKEN' is a secret of source 'okta'; a route needs none: idp:okta reads it as okta.source.yaml says");
        told(PULL, "        - to: direct:reconcile", "        - to: log:okta?marker={{env:OKTA_PRIVATE_KEY_FILE}}", "log:okta", "'OKTA_PRIVATE_KEY_FILE' is a secret of source 'okta'");
        Map<String, String> vault = new TreeMap<>(edit(SHIPPED, "routes/okta.source.yaml", "{env: OKTA_TOKEN, secret: true}", "{vault: \"aws:okta#token\", secret: true}"));
        vault.computeIfPresent(PULL, (name, text) -> text.replace("        - to: direct:reconcile", "        - to: log:okta?marker={{aws:okta#token}}"));
        assertThat(faults(vault)).singleElement().asString().contains("'aws:okta#token' is a secret of source 'okta'");
        told(ERRORS, "            - to: direct:dead-letter\n", "            - setHeader: {name: t, simple: {expression: \"${env:ENTRA_CLIENT_SECRET}\"}}\n            - to: direct:dead-letter\n", "\"${env:ENTRA", "'ENTRA_CLIENT_SECRET' is a secret of source 'entra'");
    }

    @Test
    void an_option_that_an_endpoint_does_not_have() {
        told(PULL, "cron: ", "cronn: ", "cronn:", "'quartz' has no option 'cronn'; did you mean 'cron'?");
        told(PUSH, "matchOnUriPrefix", "matchOnUriPrefx", "matchOnUriPrefx", "'servlet' has no option 'matchOnUriPrefx'; did you mean 'matchOnUriPrefix'?");
        told(PULL, "idp:acme-directory", "idp:acme-directory?ful=true", "ful=true", "'idp' has no option 'ful'; did you mean 'full'?");
    }

    @Test
    void an_expression_that_is_not_closed_or_calls_what_is_not_there() {
        told(PUSH, "${exchangeProperty.batch} != null", "${exchangeProperty.batch != null", "${exchangeProperty.batch != null", "a ${ is not closed; close it by }");
        told(ERRORS, "${header.DeadLetterId} of", "${header.DeadLetterId of", "${header.DeadLetterId of", "a ${ is not closed");
        told(ERRORS, "${header.DeadLetterId} of", "${haeder.DeadLetterId} from", "${haeder", "Simple has no function 'haeder'; did you mean 'header'?");
    }

    @Test
    void a_class_or_a_level_that_is_not_there_is_one_fault_however_many_routes_it_is_for() {
        told(ERRORS, "io.identitybridge.source.SourceUnavailable", "io.identitybridge.source.SourceUnavailabel", "io.identitybridge.source.SourceUnavailabel",
                "no class 'io.identitybridge.source.SourceUnavailabel'; did you mean 'io.identitybridge.source.SourceUnavailable'?");
        told(ERRORS, "loggingLevel: WARN", "loggingLevel: WRAN", "WRAN", "'WRAN' is no LoggingLevel; did you mean 'WARN'?");
    }

    @Test
    void a_target_at_which_no_route_begins() {
        told(PULL, "direct:reconcile", "direct:reconcil", "direct:reconcil", "no route begins at 'direct:reconcil'; did you mean 'direct:reconcile'?");
        told(ERRORS, "to: direct:run-failed", "to: direct:run-faild", "direct:run-faild", "no route begins at 'direct:run-faild'; did you mean 'direct:run-failed'?");
    }

    @Test
    void a_route_that_the_bridge_itself_calls_begins_where_it_is_called() {
        told(ERRORS, "uri: direct:dead-letter\n", "uri: direct:dead-leter\n", "direct:dead-leter", "no route begins at direct:dead-letter, where what failed is parked; write direct:dead-letter here");
        told("routes/pull-now.camel.yaml", "uri: direct:pull-now", "uri: direct:other", "direct:other", "no route begins at direct:pull-now, where a pull goes that an operator asks for; write direct:pull-now here");
    }

    @Test
    void a_file_of_routes_that_is_taken_away_is_missed() {
        for (String name : List.of(ERRORS, "routes/pull-now.camel.yaml", PUSH, "routes/reconcile.camel.yaml")) {
            Map<String, String> fewer = new TreeMap<>(SHIPPED);
            fewer.remove(name);
            assertThat(faults(fewer)).as(name).anySatisfy(fault -> assertThat(fault).startsWith(name + ":1:1: no route begins at ").contains("take the shipped "));
        }
    }

    @Test
    void an_id_that_is_given_twice() {
        told("routes/okta-pull.camel.yaml", "id: okta-pull\n", "id: lab-pull\n", "lab-pull", "the id 'lab-pull' is given twice, first in routes/lab-pull.camel.yaml:3");
    }

    @Test
    void a_file_that_is_no_list_of_routes() {
        told(PULL, "- route:", "route:", "route:", "expected a list of routes, found a map; begin each with  - route:");
        for (String text : List.of("hello\n", "[]\n", "a: b\n")) {
            Map<String, String> other = new TreeMap<>(SHIPPED);
            other.put(PULL, text);
            assertThat(faults(other)).as(text).singleElement().asString().startsWith(PULL + ":1:1: expected a list of routes, found ");
        }
    }

    @Test
    void what_is_read_and_does_not_come_to_the_one_way() {
        toldBefore(PULL, "        - to: direct:reconcile\n", "", "idp:acme-directory", "what 'idp:acme-directory' reads does not come to direct:reconcile, so nothing becomes of it; add  - to: direct:reconcile  after it");
        toldBefore("routes/pull-now.camel.yaml", "        - to: direct:reconcile\n", "", "idp:${header.source}", "does not come to direct:reconcile");
    }

    @Test
    void what_is_read_may_come_to_the_one_way_by_other_routes() {
        String own = "\n- route: {id: own, from: {uri: direct:own, steps: [{log: {message: own}}, {to: {uri: direct, parameters: {name: reconcile}}}]}}\n";
        for (String step : List.of("- to: direct:own", "- to: {uri: direct, parameters: {name: own}}", "- recipientList: {constant: {expression: \"log:own,direct:own\"}}", "- filter: {simple: {expression: \"${body} != null\"}, steps: [{to: direct:own}]}")) {
            Map<String, String> more = edit(SHIPPED, PULL, "- to: direct:reconcile", step);
            more.computeIfPresent(PULL, (name, text) -> text + own);
            assertThat(faults(more)).as(step).isEmpty();
        }
    }

    @Test
    void an_idp_cannot_start_a_route() {
        told(PULL, "uri: quartz:pull/acme-directory\n      parameters:\n        cron: \"0 0 * * * ?\"", "uri: idp:acme-directory", "idp:acme-directory", "'idp:' is asked, it starts no route by itself; begin at a clock");
    }

    @Test
    void a_route_of_ones_own_with_a_queue_and_a_setting_is_taken() {
        Map<String, String> more = new TreeMap<>(SHIPPED);
        more.put("routes/own.camel.yaml", """
                - from:
                    uri: timer:own?period={{OWN_PERIOD}}
                    steps:
                      - to: seda:later
                - route:
                    id: later
                    from:
                      uri: seda
                      parameters: {name: later}
                      steps:
                        - wireTap: {uri: "log:own"}
                        - toD: {uri: smtp:mail.corp.example, parameters: {from: "bridge@corp.example", to: "iam@corp.example"}}
                """);
        assertThat(faults(more)).singleElement().asString().contains("setting 'OWN_PERIOD' is not listed for routes; whoever answers for Portkey lists it in mappings/portkey.yaml:  routes: {settings: [OWN_PERIOD]}");
        more.computeIfPresent("mappings/portkey.yaml", (name, text) -> text + "\nroutes: {settings: [OWN_PERIOD]}\n");
        assertThat(faults(more)).isEmpty();
    }
}
