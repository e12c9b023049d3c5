package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "requests", description = "Lists what IdPs sent, newest first.")
final class RequestsCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Option(names = "--source", paramLabel = "SOURCE")
    String source;

    @Option(names = "--status", paramLabel = "N", description = "as 409")
    Integer status;

    @Override
    public Integer call() {
        Map<String, String> query = new TreeMap<>();
        if (source != null) {
            query.put("source", source);
        }
        if (status != null) {
            query.put("status", String.valueOf(status));
        }
        JsonNode list = form.api().list("/requests", query, limit.most());
        form.show(list, () -> {
            Table table = new Table("AT", "SOURCE", "STATUS", "MS", "METHOD", "MEANING", "PATH", "REPAIRS");
            list.get("items").forEach(one -> table.row(one.get("at"), one.get("source"), one.get("status"), one.get("millis"), one.get("method"), one.get("meaning"), one.get("path"), one.get("repairs")));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }
}
