package io.identitybridge.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "serve", description = "Starts the bridge, and stays until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    /** The bridge's own threads hold the program from now on. */
    static final int RUNS = -1;

    @ParentCommand
    Main main;

    @Option(names = "--lab", description = "with the lab: a stand-in IdP that is pulled, and one that pushes")
    boolean lab;

    @Override
    public Integer call() {
        try {
            main.bridge.accept(lab ? new String[] {"--bridge.lab=true"} : new String[0]);
            return RUNS;
        } catch (RuntimeException e) { // Spring has said why before it threw
            return 1;
        }
    }
}
