package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dead-letters", description = "Lists, shows, replays and discards what could not go on.",
        subcommands = {LetterReplayCommand.class, LetterDeskCommands.Replays.class, LetterDeskCommands.OneOverride.class, LetterDeskCommands.Overrides.class, LetterDeskCommands.Assign.class,
                LetterDeskCommands.Snooze.class, LetterDeskCommands.Export.class})
final class DeadLettersCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Option(names = "--source", paramLabel = "SOURCE")
    String source;

    @Option(names = "--status", defaultValue = "open", description = "open, retrying, resolved, superseded, discarded, expired or all (${DEFAULT-VALUE})")
    String status;

    @Option(names = "--person", paramLabel = "PERSON", description = "whose letters: e-mail, user name or the IdP's id")
    String person;

    @Option(names = "--snoozed", description = "also those that were put aside")
    boolean snoozed;

    @Option(names = "--group", description = "by cause, the commonest first")
    boolean group;

    @Override
    public Integer call() {
        Map<String, String> query = new TreeMap<>();
        if (group) {
            query.put("group", "true");
        } else if (!status.equals("all")) {
            query.put("status", status);
        }
        if (!group && status.equals("open") && !snoozed) {
            query.put("snoozed", "false");
        }
        if (source != null) {
            query.put("source", source);
        }
        if (person != null) {
            query.put("person", person);
        }
        JsonNode list = form.api().list("/dead-letters", query, limit.most());
        form.show(list, () -> print(list));
        return 0;
    }

    private void print(JsonNode list) {
        if (list.get("items").isEmpty()) {
            form.out().println("no dead letter");
            return;
        }
        Table table = group ? new Table("COUNT", "SOURCE", "CAUSE", "SINCE", "EXAMPLE", "FINGERPRINT") : new Table("ID", "SOURCE", "CAUSE", "STATUS", "TRIES", "LAST", "WHAT");
        list.get("items").forEach(letter -> {
            if (group) {
                table.row(letter.get("count"), letter.get("source"), letter.get("cause"), letter.get("firstAt"), letter.get("example"), letter.get("fingerprint"));
            } else {
                table.row(letter.get("id"), letter.get("source"), letter.get("cause"), letter.get("status"), letter.get("attempts"), letter.get("lastAt"), letter.get("sentence"));
            }
        });
        table.print(form.out());
        form.rest(list);
    }

    @Command(name = "list", description = "The letters, newest first; also without 'list'.")
    Integer list(@Mixin Form form, @Mixin Limit limit, @Option(names = "--source") String source,
                 @Option(names = "--status", defaultValue = "open") String status, @Option(names = "--person") String person, @Option(names = "--group") boolean group) {
        this.form = form;
        this.limit = limit;
        this.source = source;
        this.status = status;
        this.person = person;
        this.group = group;
        return call();
    }

    @Command(name = "show", description = "One letter with what was mapped, redacted.")
    Integer show(@Mixin Form form, @Parameters(paramLabel = "ID") long id) {
        JsonNode letter = form.api().get("/dead-letters/" + id);
        form.show(letter, () -> letter.fields().forEachRemaining(field -> form.out().println(field.getKey() + ": " + (field.getValue().isValueNode() ? field.getValue().asText() : field.getValue()))));
        return 0;
    }

    @Command(name = "discard", description = "Drops letters for good.")
    Integer discard(@Mixin Form form, @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        JsonNode answer = form.api().post("/dead-letters/discard", Map.of("ids", ids, "reason", reason));
        form.show(answer, () -> form.out().println("discarded " + answer.get("discarded").size()));
        return 0;
    }
}
