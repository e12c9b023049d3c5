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

    @Option(names = "--meaning", paramLabel = "WORDS", description = "how it begins, as 'deactivate user'")
    String meaning;

    @Option(names = "-q", paramLabel = "WORDS", description = "anywhere in meaning or path, as an id")
    String words;

    @Override
    public Integer call() {
        Map<String, String> query = new TreeMap<>();
        filter(query, "source", source);
        filter(query, "status", status);
        filter(query, "meaning", meaning);
        filter(query, "q", words);
        JsonNode list = form.api().list("/requests", query, limit.most());
        form.show(list, () -> {
            Table table = new Table("AT", "SOURCE", "STATUS", "MS", "METHOD", "MEANING", "PATH", "REPAIRS");
            list.get("items").forEach(one -> table.row(one.get("at"), one.get("source"), one.get("status"), one.get("millis"), one.get("method"), one.get("meaning"), one.get("path"), one.get("repairs")));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }

    private static void filter(Map<String, String> query, String name, Object value) {
        if (value != null) {
            query.put(name, value.toString());
        }
    }
}
