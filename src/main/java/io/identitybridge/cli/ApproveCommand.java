package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Names the hash of the plan it shows, so that lines which came in between are not approved unseen. */
@Command(name = "approve", description = "Applies the held lines of a plan that are still true.")
final class ApproveCommand implements Callable<Integer> {
    private static final int SHOWN = 500;

    @Mixin
    Form form;

    @Mixin
    Lines lines;

    @Option(names = "--hash", description = "approve only if the plan still is as it was: the 'hash' of 'bridge plans PLAN --json'")
    String hash;

    @Override
    public Integer call() {
        Api api = form.api();
        JsonNode shown = PlansCommand.shown(api, lines.plan, SHOWN, false);
        if (!form.json) {
            PlansCommand.print(form, shown);
        }
        Map<String, Object> body = lines.body();
        body.put("hash", hash == null ? shown.get("hash").asText() : hash);
        JsonNode answer = api.post("/plans/" + lines.plan + "/approve", body);
        form.show(answer, () -> {
            form.out().println("approved:");
            form.sentences(answer.get("lines"), "no line was held");
        });
        return 0;
    }
}
