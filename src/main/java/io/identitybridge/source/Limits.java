package io.identitybridge.source;

import java.time.Duration;

/**
 * What no source can make the engine exceed.
 *
 * @param pages    of one list
 * @param items    of one list
 * @param held     records of a list that is handed on whole: a joined read, the members of one group
 * @param longestWait   the longest single wait, whatever the source asks for
 * @param parallel calls side by side
 * @param depth    of groups in groups
 */
record Limits(int pages, int items, int held, Duration longestWait, int parallel, int depth) {
    static final Limits USUAL = new Limits(100_000, 5_000_000, 1_000_000, Duration.ofMinutes(5), 4, 16);
}
