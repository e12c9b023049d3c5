package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "source", synopsisSubcommandLabel = "(pause | resume | release)", description = "Pauses, resumes or ends one source.")
final class SourceCommand implements Runnable {
    @picocli.CommandLine.Spec
    picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(spec.commandLine(), "pause, resume or release?");
    }

    @Command(name = "pause", description = "Pulls stop; what is pushed is taken in and done as before.")
    Integer pause(@Mixin Form form, @Parameters(paramLabel = "NAME") String name) {
        return done(form, name, "pause", name + " is paused");
    }

    @Command(name = "resume", description = "Pulls go on.")
    Integer resume(@Mixin Form form, @Parameters(paramLabel = "NAME") String name) {
        return done(form, name, "resume", name + " goes on");
    }

    @Command(name = "release", description = "Ends a source on purpose: what only it gave is planned away, and held for approval.")
    Integer release(@Mixin Form form, @Parameters(paramLabel = "NAME") String name) {
        return done(form, name, "release", "");
    }

    private static Integer done(Form form, String name, String verb, String sentence) {
        JsonNode answer = form.api().post("/sources/" + Api.encoded(name) + "/" + verb, Map.of());
        form.show(answer, () -> form.out().println(answer.path("result").asText(sentence)));
        return 0;
    }
}
