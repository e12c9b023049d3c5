package io.identitybridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code bridge}. Exit 0: done; 1: findings, or the bridge said no; 2: wrong use, or no bridge answers. */
@Command(name = "bridge", description = "Keeps Portkey's members and workspaces as the identity providers say.",
        synopsisSubcommandLabel = "COMMAND", subcommands = {HelpCommand.class, ServeCommand.class, CheckCommand.class, PlanCommand.class, PullCommand.class, PlansCommand.class,
            ApproveCommand.class, RejectCommand.class, ExplainCommand.class, DeadLettersCommand.class, TokenCommand.class, SourcesCommand.class, SourceCommand.class,
            RequestsCommand.class, DriftCommand.class, TargetCommand.class, ExportCommand.class, FilesCommand.class, HandCommands.Revoke.class, HandCommands.Lift.class, HandCommands.Forget.class, HandCommands.Link.class, HandCommands.Unlink.class, HandCommands.Anchor.class,
            HandCommands.UndoPlan.class, OperatorCommand.class},
        footer = {"", "Exit: 0 done; 1 findings, or the bridge said no; 2 wrong use, or no bridge answers.",
            "A running bridge is asked at BRIDGE_URL (else where BRIDGE_ADMIN_PORT says, http://localhost:8081) with BRIDGE_ADMIN_TOKEN (the admin token, or an operator's own), else <BRIDGE_DATA>/admin-token."})
public final class Main implements Runnable {
    final Map<String, String> environment;
    final Consumer<String[]> bridge;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, scope = CommandLine.ScopeType.INHERIT, description = "show this help")
    boolean help;

    private Main(Map<String, String> environment, Consumer<String[]> bridge) {
        this.environment = environment;
        this.bridge = bridge;
    }

    /** @param bridge starts the bridge with settings like {@code --bridge.lab=true}, and returns when it runs */
    public static void main(String[] args, Consumer<String[]> bridge) {
        if (args.length == 0 || !args[0].equals("serve")) { // a command says what it has to say itself
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        }
        int exit = run(args, System.getenv(), bridge, new PrintWriter(System.out, true), new PrintWriter(System.err, true));
        if (exit != ServeCommand.RUNS) {
            System.exit(exit);
        }
    }

    static int run(String[] args, Map<String, String> environment, Consumer<String[]> bridge, PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main(environment, bridge)).setOut(out).setErr(err).setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((fault, command, parsed) -> report(fault, err)).execute(args);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
    }

    private static int report(Exception fault, PrintWriter err) throws Exception {
        if (fault instanceof CliFault said) {
            err.println("bridge: " + said.getMessage());
            return said.exit();
        }
        throw fault;
    }
}
