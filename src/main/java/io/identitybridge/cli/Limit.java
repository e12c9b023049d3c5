package io.identitybridge.cli;

import picocli.CommandLine.Option;

/** How much of a list is shown. */
final class Limit {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "show at most so many (${DEFAULT-VALUE})")
    int limit;

    int most() {
        if (limit < 1) {
            throw CliFault.use("--limit is 1 or more");
        }
        return limit;
    }
}
