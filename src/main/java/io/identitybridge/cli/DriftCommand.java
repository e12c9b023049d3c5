package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "drift", description = "Counts what push should have told and a pull found: never told, told late, told otherwise.")
final class DriftCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Option(names = "--source", paramLabel = "SOURCE")
    String source;

    @Option(names = "--days", paramLabel = "N", defaultValue = "30", description = "of the last so many days (${DEFAULT-VALUE})")
    int days;

    @Override
    public Integer call() {
        Map<String, String> query = new TreeMap<>(Map.of("days", String.valueOf(days)));
        if (source != null) {
            query.put("source", source);
        }
        JsonNode list = form.api().list("/drift", query, limit.most());
        form.show(list, () -> print(list));
        return 0;
    }

    private void print(JsonNode list) {
        if (list.get("items").isEmpty()) {
            form.out().println("pushes have told all that pulls have found");
            return;
        }
        Table table = new Table("SOURCE", "ATTRIBUTE", "MISSED", "LATE", "CONTRADICTED", "NEVER TOLD YET", "LAST");
        list.get("items").forEach(one -> table.row(one.get("source"), one.get("attribute"), one.get("missed"), one.get("late"), one.get("contradicted"), one.get("open"), one.get("lastAt")));
        table.print(form.out());
        form.rest(list);
    }
}
