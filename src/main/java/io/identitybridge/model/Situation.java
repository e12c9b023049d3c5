package io.identitybridge.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** What of this bridge is on, what is off and which setting it lacks, and whether the files on the disk are the active ones. */
public interface Situation {
    /** Every source that a file names, whether it is on or off, and those whose files were taken away. */
    SortedSet<SourceName> sources();

    /** One line for each thing that can be on or off, in the order of the start's block. */
    List<Part> parts();

    /** How often each source that a clock pulls is to be read as a whole. */
    default Map<SourceName, Duration> intervals() {
        return Map.of();
    }

    /** What was wrong with the last files that were refused; empty when the disk's are the active ones. */
    List<FileFault> faults();

    /** Route files of the active set whose routes still run by what the file said before; they change when what they have begun has ended. */
    Set<String> waiting();

    /**
     * A thing that can be on or off.
     *
     * @param kind    {@code pull}, {@code push}, {@code target}, {@code lab} or {@code database}
     * @param name    the source's name, or the thing's
     * @param detail  how it is on (its clock, its address), or why it is off
     * @param missing the settings without a value, by the names to set them by
     */
    record Part(String kind, String name, boolean on, String detail, List<String> missing) {
        public Part {
            Text.notBlank("kind", kind);
            Text.notBlank("name", name);
            missing = List.copyOf(missing);
        }
    }
}
