package io.identitybridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command answers: lines for people, or with {@code --json} what the API said. */
final class Form {
    @Option(names = "--json", description = "print JSON")
    boolean json;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    Map<String, String> environment() {
        return ((Main) command.root().userObject()).environment;
    }

    /** Answers for people have nothing in them that a terminal obeys. */
    Api api() {
        return json ? verbatim() : Api.of(environment(), Visible::tree);
    }

    Api verbatim() {
        return Api.of(environment(), UnaryOperator.identity());
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** Prints the answer as JSON, or lets the lines be printed. */
    void show(JsonNode answer, Runnable lines) {
        if (json) {
            out().println(Visible.json(pretty(answer)));
        } else {
            lines.run();
        }
        out().flush();
    }

    /** Prints an array of sentences, or that there are none. */
    void sentences(JsonNode array, String none) {
        array.forEach(sentence -> out().println(sentence.asText()));
        if (array.isEmpty()) {
            out().println(none);
        }
    }

    /** Says how much of a list was left out. */
    void rest(JsonNode list) {
        long left = list.get("total").asLong() - list.get("items").size();
        if (left > 0) {
            out().println("... and " + left + " more; --limit shows more of them");
        }
    }

    private static String pretty(JsonNode answer) {
        try {
            return Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
