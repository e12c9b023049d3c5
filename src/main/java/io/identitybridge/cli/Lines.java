package io.identitybridge.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which plan, and which of its lines. */
final class Lines {
    @Parameters(paramLabel = "PLAN", description = "its number, as 'bridge plans' shows it")
    long plan;

    @Option(names = "--only", split = ",", paramLabel = "N", description = "these lines only, as 1,3")
    List<Integer> only = List.of();

    Map<String, Object> body() {
        Map<String, Object> body = new TreeMap<>();
        if (!only.isEmpty()) {
            body.put("only", only);
        }
        return body;
    }
}
