package io.identitybridge.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** As picocli's own, whose {@code -h} stands in the way of the one that every command inherits. */
@Command(name = "help", description = "Shows this help, or that of a command.")
final class HelpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", description = "a command, and its own command where it has some")
    List<String> words = List.of();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine shown = spec.root().commandLine();
        for (String word : words) {
            shown = shown.getSubcommands().get(word);
            if (shown == null) {
                throw new CommandLine.ParameterException(spec.commandLine(), "no command is called " + word);
            }
        }
        shown.usage(spec.commandLine().getOut());
        return 0;
    }
}
