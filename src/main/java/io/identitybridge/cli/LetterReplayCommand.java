package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "replay", description = "Rebuilds what the letters are about from the wanted state: by number, by cause, or all that are meant by the options. Exit 1 where one stays open.")
final class LetterReplayCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 300;

    @Mixin
    Form form;

    @Parameters(paramLabel = "ID", arity = "0..*")
    List<Long> ids = List.of();

    @Option(names = "--fingerprint", description = "all open ones of this cause")
    String fingerprint;

    @Option(names = "--source", paramLabel = "SOURCE")
    String source;

    @Option(names = "--cause", paramLabel = "CAUSE", description = "TRANSIENT, DEPENDENCY, AUTH, TARGET_POISON, MAPPING_POISON, AMBIGUOUS or BUG")
    String cause;

    @Option(names = "--resource", paramLabel = "KIND", description = "user, group, person or workspace")
    String resource;

    @Option(names = "-q", paramLabel = "TEXT", description = "whose sentence or key holds this")
    String q;

    @Option(names = "--older-than", paramLabel = "TIME", description = "opened no later than so long ago, as 24h")
    String olderThan;

    @Option(names = "--all", description = "all open ones")
    boolean all;

    @Option(names = "--mode", paramLabel = "MODE", description = "converge: from what is stored (default); re-read: the IdP, or Portkey for what is about it, is asked for each record first; original: the letter's own record, where nothing newer has come")
    String mode;

    @Option(names = "--rate", paramLabel = "N", description = "so many letters a second at most")
    Integer rate;

    @Option(names = "--most", paramLabel = "N", description = "so many of them at most, the oldest first")
    Integer most;

    @Option(names = "--force", description = "also those that were replayed too often")
    boolean force;

    @Option(names = "--dry-run", description = "only counts them, by cause")
    boolean dryRun;

    @Option(names = "--mapping", paramLabel = "FILE", description = "only says which letters would pass with this draft of mappings/SOURCE.yaml or portkey.yaml, and which fail with what")
    Path mapping;

    @Option(names = "--no-wait", description = "does not wait for its end; 'dead-letters replays' shows how far it is")
    boolean noWait;

    @Override
    public Integer call() {
        Map<String, Object> asked = new TreeMap<>();
        put(asked, "source", source);
        put(asked, "cause", cause);
        put(asked, "resource", resource);
        put(asked, "q", q);
        put(asked, "olderThan", olderThan);
        boolean filtered = !asked.isEmpty() || all;
        if (filtered ? !ids.isEmpty() : ids.isEmpty() == (fingerprint == null)) {
            throw CliFault.use("name the letters to replay, either by their numbers, by --fingerprint, or by --source, --cause, --resource, -q, --older-than or --all");
        }
        put(asked, "fingerprint", fingerprint);
        boolean plain = !filtered && mode == null && rate == null && most == null && !force && !dryRun && mapping == null && !noWait;
        return plain ? few() : many(asked);
    }

    private int few() {
        JsonNode answer = form.api().post("/dead-letters/replay", fingerprint == null ? Map.of("ids", ids) : Map.of("fingerprint", fingerprint));
        form.show(answer, () -> form.sentences(answer.get("results"), "nothing to replay"));
        return answer.path("open").asInt() == 0 ? 0 : 1;
    }

    private int many(Map<String, Object> asked) {
        put(asked, "ids", ids.isEmpty() ? null : ids);
        put(asked, "mode", mode);
        put(asked, "rate", rate);
        put(asked, "most", most);
        put(asked, "force", force ? true : null);
        put(asked, "dryRun", dryRun ? true : null);
        put(asked, "draft", mapping == null ? null : Map.of("file", mapping.getFileName().toString().replaceFirst("\\.ya?ml$", ""), "text", text()));
        JsonNode answer = form.api().post("/dead-letters/replays", asked);
        if (mapping != null) {
            form.show(answer, () -> form.out().println(answer.path("sentence").asText()));
            return answer.path("letters").asLong() == answer.path("passes").asLong() && answer.path("atPortkey").asLong() == 0 ? 0 : 1;
        }
        if (dryRun) {
            form.show(answer, () -> counted(answer));
            return 0;
        }
        return noWait ? shown(answer) : shown(ended(answer));
    }

    private JsonNode ended(JsonNode job) {
        JsonNode now = job;
        while (now.path("status").asText().equals("running")) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CliFault.refused("interrupted; the replay goes on: bridge dead-letters replays");
            }
            now = form.api().get("/dead-letters/replays/" + job.get("id").asLong());
        }
        return now;
    }

    private int shown(JsonNode job) {
        form.show(job, () -> {
            job.path("said").forEach(line -> form.out().println(line.asText()));
            form.out().println("replay " + job.path("id").asText() + " " + job.path("status").asText() + ": " + job.path("done").asText() + " of " + job.path("total").asText() + " letters, "
                    + job.path("closed").asText() + " closed, " + job.path("open").asText() + " still open, " + job.path("skipped").asText() + " not tried"
                    + (job.path("waits").asLong() == 0 ? "" : ", " + job.path("waits").asText() + " wait for Portkey"));
        });
        return job.path("status").asText().equals("running") || job.path("open").asLong() + job.path("skipped").asLong() == 0 ? 0 : 1;
    }

    private void counted(JsonNode dry) {
        Table table = new Table("COUNT", "CAUSE", "EXAMPLE", "FINGERPRINT");
        dry.get("causes").forEach(bar -> table.row(bar.get("count"), bar.get("cause"), bar.get("example"), bar.get("fingerprint")));
        table.print(form.out());
        form.out().println(dry.get("letters").asText() + " letters, " + dry.get("takes").asText() + " would be taken" + (dry.get("needsHuman").asLong() == 0 ? "" : ", " + dry.get("needsHuman").asText() + " of them only by --force"));
    }

    private static void put(Map<String, Object> body, String name, Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private String text() {
        try {
            return Files.readString(mapping);
        } catch (IOException e) {
            throw CliFault.use(mapping + " cannot be read");
        }
    }
}
