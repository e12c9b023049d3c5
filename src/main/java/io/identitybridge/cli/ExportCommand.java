package io.identitybridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "export", description = "Prints what ships for other programs: 'alerts' are Prometheus rules, 'dashboard' is one for Grafana, as JSON.")
final class ExportCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Parameters(paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}")
    What what;

    enum What {
        alerts("alerts.yaml"), dashboard("dashboard.json"); // as they are written on the command line

        private final String file;

        What(String file) {
            this.file = file;
        }
    }

    @Override
    public Integer call() {
        try (InputStream in = ExportCommand.class.getResourceAsStream("/ops/" + what.file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            form.show(Api.JSON.createObjectNode().put(what.name(), text), () -> form.out().print(text));
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
