package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "plan", description = "Shows what the files on the bridge's disk, or a draft mapping, would change now; changes nothing. Exit 1 where lines would be held or records cannot be read.")
final class PlanCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Parameters(paramLabel = "SOURCE", arity = "0..1")
    String source;

    @Option(names = "--target", description = "what would be written to the live Portkey, as of its last reading")
    boolean target;

    @Option(names = "--mapping", paramLabel = "FILE", description = "a draft in place of mappings/SOURCE.yaml")
    Path mapping;

    @Override
    public Integer call() {
        if (target == (source != null)) {
            throw CliFault.use("name a SOURCE, or --target");
        }
        if (target) {
            return TargetText.plan(form, limit, null, null);
        }
        JsonNode preview = form.api().post("/sources/" + Api.encoded(source) + "/preview", mapping == null ? Map.of() : Map.of("mapping", text()));
        form.show(preview, () -> lines(preview));
        return preview.path("held").isEmpty() && preview.path("problems").isEmpty() ? 0 : 1;
    }

    private void lines(JsonNode preview) {
        preview.path("lines").forEach(line -> form.out().println(line.asText()));
        preview.path("held").forEach(line -> form.out().println("held: " + line.asText()));
        preview.path("problems").forEach(problem -> form.out().println("problem: " + problem.asText()));
        long total = preview.path("total").asLong();
        form.out().println(total == 0 ? "nothing would change" : total == 1 ? "1 change" : total + " changes");
    }

    private String text() {
        try {
            return Files.readString(mapping);
        } catch (IOException e) {
            throw CliFault.use(mapping + " cannot be read");
        }
    }
}
