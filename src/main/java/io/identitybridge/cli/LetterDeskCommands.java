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

/** What can be done about letters beside trying them again. */
final class LetterDeskCommands {
    private LetterDeskCommands() {
    }

    @Command(name = "replays", description = "The replays of many letters, newest first, and how far each has come.")
    static final class Replays implements Callable<Integer> {
        @Mixin
        Form form;

        @Mixin
        Limit limit;

        @Override
        public Integer call() {
            JsonNode list = form.api().list("/dead-letters/replays", Map.of(), limit.most());
            form.show(list, () -> {
                Table table = new Table("REPLAY", "STATUS", "MODE", "DONE", "OF", "CLOSED", "OPEN", "SKIPPED", "BEGAN", "BY");
                list.get("items").forEach(job -> table.row(job.get("id"), job.get("status"), job.get("mode"), job.get("done"), job.get("total"), job.get("closed"), job.get("open"), job.get("skipped"), job.get("createdAt"), job.get("actor")));
                table.print(form.out());
                form.rest(list);
            });
            return 0;
        }

        @Command(name = "stop", description = "Ends a replay where it is; letters not reached stay as they are.")
        Integer stop(@Mixin Form form, @Parameters(paramLabel = "REPLAY") long id) {
            JsonNode job = form.api().post("/dead-letters/replays/" + id + "/stop", Map.of());
            form.show(job, () -> form.out().println("replay " + id + " stopped at " + job.get("done").asText() + " of " + job.get("total").asText()));
            return 0;
        }
    }

    @Command(name = "override", description = "Puts one field of one account under your word for a time, in place of what the mapping makes of it. Exit 1 where it became a letter.")
    static final class OneOverride implements Callable<Integer> {
        @Mixin
        Form form;

        @Parameters(index = "0", paramLabel = "SOURCE")
        String source;

        @Parameters(index = "1", paramLabel = "ACCOUNT", description = "the IdP's id, the bridge's, or the user name")
        String account;

        @Parameters(index = "2", paramLabel = "FIELD", description = "userName, email, displayName or roles")
        String field;

        @Parameters(index = "3", paramLabel = "VALUE", description = "roles with commas between them")
        String value;

        @Option(names = "--until", required = true, paramLabel = "TIME", description = "as 2027-01-31 or 30d")
        String until;

        @Option(names = "--reason", required = true, description = "for the audit, and for whoever asks why")
        String reason;

        @Override
        public Integer call() {
            JsonNode answer = form.api().post("/dead-letters/overrides", Map.of("source", source, "account", account, "field", field, "value", value, "until", until, "reason", reason));
            form.show(answer, () -> form.sentences(answer.get("done"), "nothing changed"));
            for (JsonNode line : answer.get("done")) {
                if (line.asText().startsWith("dead letter: ")) {
                    return 1;
                }
            }
            return 0;
        }
    }

    @Command(name = "overrides", description = "The overrides in force, newest first.")
    static final class Overrides implements Callable<Integer> {
        @Mixin
        Form form;

        @Mixin
        Limit limit;

        @Option(names = "--all", description = "also those that have ended")
        boolean all;

        @Override
        public Integer call() {
            JsonNode list = form.api().list("/dead-letters/overrides", all ? Map.of() : Map.of("active", "true"), limit.most());
            form.show(list, () -> {
                Table table = new Table("OVERRIDE", "SOURCE", "ACCOUNT", "FIELD", "VALUE", "UNTIL", "BY", "REASON");
                list.get("items").forEach(one -> table.row(one.get("id"), one.get("source"), one.get("account"), one.get("field"), one.get("value"), one.get("until"), one.get("actor"), one.get("reason")));
                table.print(form.out());
                form.rest(list);
            });
            return 0;
        }

        @Command(name = "end", description = "Ends an override before its time: the field is again what the mapping makes of the record.")
        Integer end(@Mixin Form form, @Parameters(paramLabel = "OVERRIDE") long id, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
            JsonNode answer = form.api().post("/dead-letters/overrides/" + id + "/end", Map.of("reason", reason));
            form.show(answer, () -> form.sentences(answer.get("done"), "nothing changed"));
            return 0;
        }
    }

    @Command(name = "assign", description = "Says whose letters these are.")
    static final class Assign implements Callable<Integer> {
        @Mixin
        Form form;

        @Parameters(paramLabel = "ID", arity = "1..*")
        List<Long> ids;

        @Option(names = "--to", paramLabel = "WHO", description = "without it they are nobody's")
        String to;

        @Override
        public Integer call() {
            JsonNode answer = form.api().post("/dead-letters/assign", to == null ? Map.of("ids", ids) : Map.of("ids", ids, "to", to));
            form.show(answer, () -> form.out().println("assigned " + answer.get("assigned").size()));
            return 0;
        }
    }

    @Command(name = "snooze", description = "Puts letters aside until a time: the list passes them over. They are tried all the same.")
    static final class Snooze implements Callable<Integer> {
        @Mixin
        Form form;

        @Parameters(paramLabel = "ID", arity = "1..*")
        List<Long> ids;

        @Option(names = "--until", paramLabel = "TIME", description = "as 2027-01-31 or 3d; without it they are taken up again")
        String until;

        @Override
        public Integer call() {
            JsonNode answer = form.api().post("/dead-letters/snooze", until == null ? Map.of("ids", ids) : Map.of("ids", ids, "until", until));
            form.show(answer, () -> form.out().println("snoozed " + answer.get("snoozed").size()));
            return 0;
        }
    }

    @Command(name = "export", description = "Prints letters as JSON that may be given to somebody else: hashed keys, no sentences, of records the names of their fields.")
    static final class Export implements Callable<Integer> {
        @Mixin
        Form form;

        @Mixin
        Limit limit;

        @Option(names = "--source", paramLabel = "SOURCE")
        String source;

        @Option(names = "--status", defaultValue = "open", description = "open, retrying, resolved, superseded, discarded, expired or all (${DEFAULT-VALUE})")
        String status;

        @Override
        public Integer call() {
            Map<String, String> query = new TreeMap<>();
            if (!status.equals("all")) {
                query.put("status", status);
            }
            if (source != null) {
                query.put("source", source);
            }
            form.json = true;
            form.show(form.api().list("/dead-letters/export", query, limit.most()), () -> { });
            return 0;
        }
    }
}
