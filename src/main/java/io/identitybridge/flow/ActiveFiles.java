package io.identitybridge.flow;

import io.identitybridge.files.FileCheck;
import io.identitybridge.files.FileReader;
import io.identitybridge.files.FileSet;
import io.identitybridge.model.Controls;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import io.identitybridge.store.ActiveSets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Holds the active set of files. The disk is a proposal: a faulty one leaves the last good set at work, and health says so. */
@Component
public class ActiveFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveFiles.class);

    private final ActiveSets sets;
    private final FileCheck check;
    private final Overriding overrides;
    private final Path routes;
    private final Path mappings;
    private volatile Active current;
    private volatile List<FileFault> faults = List.of();

    ActiveFiles(ActiveSets sets, FileCheck check, Overriding overrides, @Value("${bridge.routes:routes}") Path routes, @Value("${bridge.mappings:mappings}") Path mappings) {
        this.sets = sets;
        this.check = check;
        this.overrides = overrides;
        this.routes = routes;
        this.mappings = mappings;
        start();
    }

    /** The set all changes go by now. */
    public Active current() {
        return current;
    }

    /** What is wrong on the disk, or how it differs from a set that was rolled back to; empty while it is the active set. */
    public List<FileFault> faults() {
        return faults;
    }

    /**
     * Reads the disk and makes it the active set; throws {@link FileFaults}, which health tells from then on, and changes nothing if it is faulty.
     *
     * @param routes makes the running routes those of a set; what it throws leaves the set before active
     */
    synchronized Active activate(String actor, Consumer<Active> routes) {
        try {
            Active read = fromDisk();
            change(read, routes, () -> sets.activate(read.files().hash(), Json.text(Map.copyOf(read.files().texts())), actor));
            faults = List.of();
            return read;
        } catch (FileFaults wrong) {
            faults = wrong.faults();
            throw wrong;
        }
    }

    /** Makes an earlier set the active one again, checked like any; the disk is left as it is, and nobody takes it up again until it holds something else. */
    synchronized Active rollback(Optional<String> hash, String actor, Consumer<Active> routes) {
        String contents = sets.earlier(hash).orElseThrow(() -> new Controls.Refused(hash.map(wanted -> "no earlier set " + wanted + " is kept; 'files' lists them").orElse("no earlier set is kept")));
        Active earlier = checked(FileReader.read(texts(contents)));
        change(earlier, routes, () -> sets.rollBack(earlier.files().hash(), contents, actor, FileReader.hash(disk())));
        faults = differences();
        return earlier;
    }

    /** Takes the set that another bridge has made the active one. */
    synchronized void follow(Consumer<Active> routes) {
        if (sets.lastHash().filter(hash -> !hash.equals(current.files().hash())).isPresent()) {
            sets.last().map(this::stored).ifPresent(other -> {
                change(other, routes, () -> { });
                faults = sets.rolledBackFrom().isPresent() ? differences() : faults;
                LOG.info("the active set is {} now", other.files().hash());
            });
        }
    }

    private void change(Active next, Consumer<Active> routes, Runnable stored) {
        routes.accept(next);
        try {
            stored.run();
        } catch (RuntimeException e) {
            routes.accept(current);
            throw e;
        }
        current = next;
    }

    /** The texts on the disk now. */
    Map<String, String> disk() {
        return FileReader.texts(routes, mappings);
    }

    private void start() {
        try {
            Optional<String> left = sets.rolledBackFrom();
            if (left.isPresent() && left.get().equals(FileReader.hash(disk())) && pinned()) {
                return;
            }
            activate("start", none -> { });
        } catch (FileFaults wrong) {
            current = lastGood().orElseThrow(() -> wrong);
            faults = wrong.faults();
            LOG.error("the files on the disk are faulty, so the last good set {} is at work:\n{}", current.files().hash(), wrong.getMessage());
        }
    }

    /** Goes on with the set that was rolled back to, on somebody's word: also where this version finds fault with it, and then says so. False where it cannot be read any more. */
    private boolean pinned() {
        try {
            FileSet set = FileReader.read(texts(sets.last().orElseThrow()));
            current = Active.of(set, overrides);
            List<FileFault> wrong = check.run(set).stream().map(fault -> new FileFault(fault.file(), fault.line(), fault.column(), "in the active set " + set.hash() + ", which was rolled back to: " + fault.wrong(), fault.todo())).toList();
            faults = Stream.concat(wrong.stream(), differences().stream()).toList();
            LOG.warn("the set {} stays active: the files on the disk are those that were rolled back from", set.hash());
            if (!wrong.isEmpty()) {
                LOG.error("this version finds fault with it:\n{}", new FileFaults(wrong).getMessage());
            }
            return true;
        } catch (FileFaults old) {
            LOG.error("the set that was rolled back to cannot be read by this version, so the disk's is taken:\n{}", old.getMessage());
            return false;
        }
    }

    /** The set that was active last, if it still is good: it may have been checked by an older version. */
    private Optional<Active> lastGood() {
        try {
            return sets.last().map(contents -> checked(FileReader.read(texts(contents))));
        } catch (FileFaults old) {
            LOG.error("the set that was active last cannot be taken either:\n{}", old.getMessage());
            return Optional.empty();
        }
    }

    private Active fromDisk() {
        return checked(FileReader.read(disk()));
    }

    private Active checked(FileSet set) {
        List<FileFault> found = check.run(set);
        if (!found.isEmpty()) {
            throw new FileFaults(found);
        }
        return Active.of(set, overrides);
    }

    /** One line for each file on the disk that is not as it is in the active set. */
    private List<FileFault> differences() {
        Map<String, String> disk = disk();
        Map<String, String> active = current.files().texts();
        TreeSet<String> names = new TreeSet<>(disk.keySet());
        names.addAll(active.keySet());
        return names.stream().filter(name -> !Objects.equals(disk.get(name), active.get(name))).map(name -> new FileFault(name, 0, 0,
                "the disk's differs from the active set " + current.files().hash() + ", which was rolled back to", "put the disk right: it is taken up when it changes")).toList();
    }

    private Active stored(String contents) {
        return Active.of(FileReader.read(texts(contents)), overrides);
    }

    /** The files of a set that was active once, as they read now; empty where it is kept no more, or is none by today's rules. */
    Optional<FileSet> kept(String hash) {
        try {
            return hash.equals(current.files().hash()) ? Optional.of(current.files()) : sets.of(hash).map(contents -> FileReader.read(texts(contents)));
        } catch (FileFaults old) {
            return Optional.empty();
        }
    }

    private static Map<String, String> texts(String contents) {
        Map<String, String> texts = new TreeMap<>();
        Json.object(contents).forEach((name, text) -> texts.put(name, (String) text));
        return texts;
    }
}
