package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.FileReader;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.Tree;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever edits routes reaches listed components and settings, in whatever spelling, and no secret of a source. */
class RouteLimitsTest {
    private static final FileSet SET = FileReader.read(Slips.SHIPPED);

    @ParameterizedTest
    @ValueSource(strings = {"{{env:okta-token}}", "{{okta.token}}", "{{?okta.TOKEN}}", "{{Okta_Token:none}}", "${env:okta_token}", "${env.okta_token}", "${sys.okta.token}", "${sysenv:Okta.Token}", "$simple{env:okta-token}",
            "{{bridge.secret}}", "{{portkey.admin-key}}", "${env:bridge_secret_file}", "{{spring.datasource.password}}"})
    void a_secret_in_any_spelling_that_camel_or_spring_finds_it_by(String spelling) {
        assertThat(logged(spelling)).singleElement().asString().containsPattern("'[A-Z_]+' is a secret of (source 'okta'|the bridge)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{OWN_ADDRESS}}", "{{env:OWN_ADDRESS}}", "${env:OWN_ADDRESS}", "{{a{{b}}}}", "{{x:{{env:Y}}}}", "{{{x}}}", "{{bean:environment.x}}", "{{service:x}}", "{{x:$}}{env:y}", "{{unclosed", "${env:${header.x}}", "${${header.x}}", "${e${header.x}v:y}",
            "${properties:x}", "${propertiesExist:x}", "${bean:environment?method=getProperty('x')}", "${camelContext.registry}", "${ref:environment}", "${type:java.lang.System.out}", "${exchange.context}", "${messageAs(java.lang.String)}", "${load(x)}", "${function(x)}",
            "${xpath(x)}", "${jq(env.X)}", "${body.getClass.forName('x')}", "${header.x?.class.name}", "${body[class]}", "${header.CamelHttpServletRequest.getServletContext}", "${trim(${header.x})}", "${newInCamel(x)}", "resource:file:/proc/self/environ"})
    void a_text_that_reads_what_is_not_listed_for_routes(String text) {
        assertThat(logged(text)).as(text).hasSize(1);
    }

    @Test
    void a_placeholder_inside_a_function_is_refused_although_it_is_listed() {
        assertThat(loggedWith("OWN", "${en{{OWN:}}v:X}")).singleElement().asString().contains("stands inside a function of Simple");
        assertThat(loggedWith("OWN", "{{own}} ${env:OWN} ${header.DeadLetterId} ${exception.message} ${date:now:yyyy}")).isEmpty();
        assertThat(loggedWith("okta.token", "{{okta.token}}")).as("no list opens a source's secret").singleElement().asString().contains("is a secret of source 'okta'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"groovy: {expression: \"System.getenv()\"}", "spel: {expression: \"#{systemEnvironment}\"}", "xpath: {expression: \"function:properties('x')\"}", "java: {expression: x}", "language: {language: spel, expression: x}",
            "method: {beanType: java.lang.System, method: \"getenv('x')\"}"})
    void an_expression_that_reaches_java(String expression) {
        assertThat(step("setBody: {" + expression + "}")).as(expression).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"toD: {uri: \"fi${header.none}le:/tmp/out?fileName=x\"}", "to: {uri: \"fil{{nothing:}}e:/tmp/out\"}", "to: {uri: \" file:out\"}", "toD: {uri: \"bean:${header.x}\"}", 
            "bean: {beanType: java.lang.System, method: getenv}", "to: {uri: \"bean:java.lang.System?method=getenv('x')\"}", "to: {uri: bean, parameters: {beanName: java.lang.System, method: getenv}}", "bean: {ref: \"#class:java.lang.System\", method: getenv}", "bean: {ref: \"#bean:environment\"}",
            "recipientList: {simple: {expression: \"log:x,file:out\"}}", "recipientList: {header: {expression: where}}", "routingSlip: {expression: {header: {expression: where}}}", "dynamicRouter: {method: {ref: sign}}", "enrich: {simple: {expression: \"${header.x}\"}}",
            "pollEnrich: {constant: {expression: \"file:in\"}}", "wireTap: {uri: \"$simple{header.x}\"}", "poll: {uri: \"file:in\"}", "to: {uri: \"language:simple\"}", "to: {uri: \"stub:file:out\"}"})
    void a_way_round_the_listed_components(String step) {
        assertThat(step(step)).as(step).isNotEmpty().first().asString().containsAnyOf("not listed", "only at work", "object of a class");
    }

    @Test
    void beans_of_a_file_are_classes_that_have_to_be_listed() {
        assertThat(faults(SET, "- beans:\n    - {name: own, type: java.lang.Object}\n")).singleElement().asString().contains("'beans' makes an object of a class");
    }

    @Test
    void what_a_route_says_of_a_message_is_taken() {
        for (String step : List.of("toD: {uri: \"smtp:mail.corp.example?from=a@corp.example&subject=Dead letter ${header.DeadLetterId} of ${header.DeadLetterSource}\"}", "to: {uri: smtp:mail.corp.example, parameters: {from: \"a@corp.example\", to: \"b@corp.example\"}}",
                "recipientList: {simple: {expression: \"direct:${header.where},log:own\"}}", "setBody: {constant: {expression: '{\"a\":{\"b\":1}}'}}", "to: {uri: \"https://hooks.corp.example/identity-bridge?responseTimeout=20000\"}", "setBody: {header: {expression: x}}")) {
            assertThat(step(step)).as(step).isEmpty();
        }
    }

    private static List<String> logged(String text) {
        return step("log: {message: \"" + text + "\"}");
    }

    private static List<String> loggedWith(String listed, String text) {
        Map<String, String> texts = new TreeMap<>(Slips.SHIPPED);
        texts.computeIfPresent("mappings/portkey.yaml", (name, portkey) -> portkey + "\nroutes: {settings: [" + listed + "]}\n");
        return faults(FileReader.read(texts), "- route: {from: {uri: direct:own, steps: [{log: {message: \"" + text + "\"}}]}}");
    }

    private static List<String> step(String step) {
        return faults(SET, "- route: {from: {uri: direct:own, steps: [{" + step + "}]}}");
    }

    private static List<String> faults(FileSet set, String text) {
        List<FileFault> faults = new ArrayList<>();
        new RouteLimits(set, faults::add).check(List.of(Tree.read("routes/own.camel.yaml", text, faults::add).orElseThrow()));
        return faults.stream().map(FileFault::toString).toList();
    }
}
