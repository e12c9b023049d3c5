package io.identitybridge.cli;

import io.identitybridge.Bridge;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Starts the bridge, and stays until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    /** The bridge's own threads hold the program from now on. */
    static final int RUNS = -1;

    @Option(names = "--lab", description = "with the lab: a stand-in IdP that is pulled, and one that pushes")
    boolean lab;

    @Override
    public Integer call() {
        try {
            SpringApplication.run(Bridge.class, lab ? new String[] {"--bridge.lab=true"} : new String[0]);
            return RUNS;
        } catch (RuntimeException e) { // Spring has said why before it threw
            return 1;
        }
    }
}
