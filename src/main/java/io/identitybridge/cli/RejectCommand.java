package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reject", description = "Suppresses the held lines of a plan until their facts change.")
final class RejectCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Lines lines;

    @Option(names = "--reason", defaultValue = "", description = "for those who ask later")
    String reason;

    @Override
    public Integer call() {
        Map<String, Object> body = lines.body();
        body.put("reason", reason);
        JsonNode answer = form.api().post("/plans/" + lines.plan + "/reject", body);
        form.show(answer, () -> {
            form.out().println("rejected:");
            form.sentences(answer.get("lines"), "no line was held");
        });
        return 0;
    }
}
