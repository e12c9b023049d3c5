package io.identitybridge.model;

import java.util.List;
import java.util.stream.Collectors;

/** All faults of a set of files, gathered before they are thrown once. */
public final class FileFaults extends RuntimeException {
    private final transient List<FileFault> faults;

    public FileFaults(List<FileFault> faults) {
        super(faults.stream().sorted().map(FileFault::toString).collect(Collectors.joining("\n")), null, false, true);
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("no fault to report");
        }
        this.faults = faults.stream().sorted().distinct().toList();
    }

    public List<FileFault> faults() {
        return faults;
    }
}
