package io.identitybridge.flow;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import io.identitybridge.store.Journal;
import io.identitybridge.store.Origin;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Files that change while the bridge runs: a disk that has changed and then stayed the same for one look is taken up as one, mappings,
 * sources and routes; a faulty one leaves everything as it was. The other bridges follow to the set that became active.
 */
@Component
class Editing {
    private static final Logger LOG = LoggerFactory.getLogger(Editing.class);

    private final ActiveFiles files;
    private final LiveRoutes routes;
    private final Journal journal;
    private final boolean watch;
    private Map<String, String> taken;
    private Map<String, String> seen;
    private List<FileFault> refused = List.of();

    Editing(ActiveFiles files, LiveRoutes routes, Journal journal, @Value("${bridge.files.watch:true}") boolean watch) {
        this.files = files;
        this.routes = routes;
        this.journal = journal;
        this.watch = watch;
        this.taken = files.disk();
        this.seen = taken;
    }

    /** Takes up the disk now; gives the set's hash. Throws {@link FileFaults} where it is faulty. */
    synchronized String activate(String actor) {
        taken = files.disk();
        seen = taken;
        return files.activate(actor, routes::take).files().hash();
    }

    /** Takes an earlier set up again; the disk is a proposal only once it changes. */
    synchronized String rollback(Optional<String> hash, String actor) {
        taken = files.disk();
        seen = taken;
        return files.rollback(hash, actor, routes::take).files().hash();
    }

    /** Goes on to the set that another bridge has made active, and to routes that could not be changed yet. */
    synchronized void follow() {
        try {
            files.follow(routes::take);
            routes.take(files.current());
            refused = List.of();
        } catch (FileFaults wrong) {
            if (!wrong.faults().equals(refused)) {
                LOG.error("this bridge cannot follow to the active set, and {} stays at work here:\n{}", files.current().files().hash(), wrong.getMessage());
            }
            refused = wrong.faults();
        }
    }

    /** Files whose routes change once what they have begun has ended. */
    Set<String> waiting() {
        return routes.waiting();
    }

    /** What keeps this bridge from the active set. */
    List<FileFault> refused() {
        return refused;
    }

    @Scheduled(initialDelayString = "${bridge.files.every:5000}", fixedDelayString = "${bridge.files.every:5000}")
    synchronized void look() {
        try {
            Map<String, String> now = watch ? files.disk() : taken;
            boolean rests = now.equals(seen);
            seen = now;
            if (rests && !now.equals(taken)) {
                taken = now;
                takeUp();
            }
        } catch (DataAccessException | TransactionException | UncheckedIOException e) {
            taken = null; // looked at again
            LOG.warn("the files could not be looked at for now: {}", Bugs.said(e));
        }
    }

    private void takeUp() {
        String before = files.current().files().hash();
        try {
            String hash = files.activate("disk", routes::take).files().hash();
            if (!hash.equals(before)) {
                journal.note(new Origin("disk", "operator", "files:" + hash), Optional.empty(), hash, "activate files " + hash);
                LOG.info("the files on the disk have changed: the active set is {} now", hash);
            }
        } catch (FileFaults wrong) {
            LOG.error("the files on the disk have changed and are faulty, so {} stays at work:\n{}", before, wrong.getMessage());
        }
    }
}
