package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pull", description = "Pulls a source now and waits for the run's end. Exit 1 where it failed, held lines or left dead letters.")
final class PullCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 250;
    private static final Set<String> UNDER_WAY = Set.of("reading", "applying");

    @Mixin
    Form form;

    @Parameters(paramLabel = "SOURCE")
    String source;

    @Option(names = "--full", description = "read everything, not only what changed")
    boolean full;

    @Option(names = "--accept-shrink", paramLabel = "REASON", description = "read everything, and take this one reading for true although most of what was there before is absent; what that takes away is still under the limits")
    String acceptShrink;

    @Override
    public Integer call() throws InterruptedException {
        Api api = form.api();
        Map<String, Object> body = acceptShrink == null ? Map.of("full", full) : Map.of("full", true, "acceptShrink", acceptShrink);
        String id = api.post("/sources/" + Api.encoded(source) + "/runs", body).get("run").asText();
        JsonNode run = api.get("/runs/" + id);
        String told = "";
        while (UNDER_WAY.contains(run.get("status").asText()) && message(run).isEmpty()) { // one that was paused meanwhile says so
            Thread.sleep(LOOK_EVERY_MILLIS);
            told = tell(told, run);
            run = api.get("/runs/" + id);
        }
        JsonNode ended = run;
        form.show(ended, () -> form.out().println(sentence(ended)));
        return ended.get("status").asText().equals("done") && ended.get("held").asInt() == 0 && ended.get("letters").asInt() == 0 ? 0 : 1;
    }

    /** Says on standard error how far a run is, whenever that is something new. */
    private String tell(String told, JsonNode run) {
        String now = underWay(run);
        if (!now.equals(told)) {
            form.err().println(now);
        }
        return now;
    }

    /** {@code reading: 12 pages, users 1200; 512 of 600 calls left at /users}. */
    static String underWay(JsonNode run) {
        StringJoiner left = new StringJoiner(", ", "; ", "").setEmptyValue("");
        run.path("budget").fields().forEachRemaining(bucket -> left.add(bucket.getValue().path("left").asText() + " of " + bucket.getValue().path("limit").asText() + " calls left at " + bucket.getKey()));
        return run.path("status").asText() + ": " + run.path("pages").asText("0") + " pages, " + counts(run.path("seen")) + left + (message(run).isEmpty() ? "" : "; " + message(run));
    }

    private static String message(JsonNode run) {
        return run.path("message").asText("");
    }

    /** {@code run 7f.. done: read users 200, groups 12; 5 changed; applied create 3; 0 held, 0 dead letters}. */
    static String sentence(JsonNode run) {
        return "run " + run.get("id").asText() + " " + run.get("status").asText() + ": read " + counts(run.path("seen")) + "; " + run.get("changed").asText() + " changed; applied "
                + counts(run.path("applied")) + "; " + run.get("held").asText() + " held, " + run.get("letters").asText() + " dead letters"
                + (run.path("message").isTextual() && !message(run).isEmpty() ? ": " + message(run) : "");
    }

    private static String counts(JsonNode counts) {
        StringJoiner text = new StringJoiner(", ").setEmptyValue("nothing");
        counts.fields().forEachRemaining(count -> text.add(count.getKey().equals("other") ? count.getValue().asText() + " updates and plain additions" : count.getKey() + " " + count.getValue().asText()));
        return text.toString();
    }
}
