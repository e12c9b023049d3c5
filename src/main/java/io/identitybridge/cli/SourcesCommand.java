package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
            Table table = new Table("SOURCE", "STATE", "ACCOUNTS", "LAST SUCCESS", "LAST RUN", "HELD", "LETTERS");
            list.get("items").forEach(source -> table.row(source.get("name"), state(source), source.get("accounts"), source.get("lastSuccess"), source.path("lastRun").path("status"), source.get("heldLines"), source.get("openLetters")));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }

    /** {@code pull on, push on}, {@code pull off: lacks OKTA_TOKEN}, {@code paused}. */
    private static String state(JsonNode source) {
        StringJoiner state = new StringJoiner(", ");
        if (source.get("paused").asBoolean()) {
            state.add("paused");
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
