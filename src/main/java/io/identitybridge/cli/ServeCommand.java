package io.identitybridge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "serve", description = "Starts the bridge, and stays until it is stopped. With --json: one object with its addresses in place of the block, and the log on standard error.")
final class ServeCommand implements Callable<Integer> {
    /** The bridge's own threads hold the program from now on. */
    static final int RUNS = -1;

    @ParentCommand
    Main main;

    @Mixin
    Form form;

    @Option(names = "--lab", description = "with the lab: a stand-in IdP that is pulled, and one that pushes")
    boolean lab;

    @Override
    public Integer call() {
        List<String> settings = new ArrayList<>();
        if (lab) {
            settings.add("--bridge.lab=true");
        }
        if (form.json) { // its one object stands alone on standard output; the log goes where faults go
            System.setOut(System.err);
            settings.add("--bridge.json=true");
        }
        try {
            main.bridge.accept(settings.toArray(String[]::new));
            return RUNS;
        } catch (RuntimeException e) { // Spring has said why before it threw
            return 1;
        }
    }
}
