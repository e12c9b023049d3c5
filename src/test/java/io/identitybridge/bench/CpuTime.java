package io.identitybridge.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** CPU seconds that a process and its children have used, as Linux counts them: what a call costs, whoever else is on the machine. */
final class CpuTime {
    private static final double TICKS = 100; // a second, on every Linux that Java runs on
    private static final int PARENT = 1;
    private static final List<Integer> OWN = List.of(11, 12);
    private static final List<Integer> WITH_ENDED_CHILDREN = List.of(11, 12, 13, 14);

    private CpuTime() {
    }

    static double of(long pid) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            double children = processes.filter(path -> path.getFileName().toString().matches("\\d+")).map(CpuTime::fields).filter(fields -> fields.length > 20 && fields[PARENT].equals(String.valueOf(pid)))
                    .mapToDouble(fields -> sum(fields, OWN)).sum();
            return children + sum(fields(Path.of("/proc/" + pid)), WITH_ENDED_CHILDREN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double sum(String[] fields, List<Integer> which) {
        return which.stream().mapToLong(i -> Long.parseLong(fields[i])).sum() / TICKS;
    }

    /** What follows the name, which may hold anything. */
    private static String[] fields(Path process) {
        try {
            String all = Files.readString(process.resolve("stat"));
            return all.substring(all.lastIndexOf(')') + 2).split(" ");
        } catch (IOException ended) {
            return new String[0];
        }
    }
}
