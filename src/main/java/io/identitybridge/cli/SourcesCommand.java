package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "sources", description = "Lists the sources, and how each stands.")
final class SourcesCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Override
    public Integer call() {
        JsonNode list = form.api().list("/sources", Map.of(), limit.most());
        form.show(list, () -> {
            Table table = new Table("SOURCE", "STATE", "ACCOUNTS", "LAST SUCCESS", "LAST RUN", "HELD", "LETTERS", "PUSH TOLD");
            list.get("items").forEach(source -> table.row(source.get("name"), state(source), source.get("accounts"), source.get("lastSuccess"), run(source.path("lastRun")), source.get("heldLines"), source.get("openLetters"), share(source.path("pushReliability"))));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }

    /** {@code 99.87 %} of what a push should have told in 30 days it told; nothing where that is not known. */
    private static String share(JsonNode ratio) {
        return ratio.isNumber() ? String.format(java.util.Locale.ROOT, "%.2f %%", 100 * ratio.asDouble()) : "";
    }

    /** How the last run ended, or how far the one under way is. */
    private static JsonNode run(JsonNode run) {
        return run.path("status").asText().equals("reading") ? TextNode.valueOf(PullCommand.underWay(run)) : run.path("status");
    }

    /** {@code pull on, push on}, {@code pull off: lacks OKTA_TOKEN}, {@code paused}. */
    private static String state(JsonNode source) {
        StringJoiner state = new StringJoiner(", ");
        if (source.get("paused").asBoolean()) {
            state.add("paused");
        }
        if (source.path("quarantinedAt").isTextual()) {
            state.add("quarantined: " + source.path("quarantineWhy").asText());
        }
        for (String kind : new String[] {"pull", "push"}) {
            JsonNode part = source.path(kind);
            if (part.isObject()) {
                state.add(kind + (part.get("on").asBoolean() ? " on" : " off") + (part.get("missing").isEmpty() ? "" : ": lacks " + names(part.get("missing"))));
            }
        }
        return state.toString();
    }

    private static String names(JsonNode missing) {
        StringJoiner names = new StringJoiner(" ");
        missing.forEach(name -> names.add(name.asText()));
        return names.toString();
    }
}
