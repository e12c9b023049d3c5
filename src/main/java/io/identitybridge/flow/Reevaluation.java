package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Batch;
import io.identitybridge.model.Place;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Misread;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reads stored facts again where nothing new has come: after a mapping was edited, when what it takes away is held, and within the hour
 * where an expression reads {@code now}. Writes only what comes out differently.
 */
@Component
class Reevaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Reevaluation.class);
    private static final Duration HOUR = Duration.ofMinutes(50);
    private static final int CHUNK = 2_000;

    private final ActiveFiles files;
    private final Ledger ledger;
    private final Plans plans;
    private final Runs runs;
    private final Reconciliation reconciliation;
    private final Map<SourceName, Instant> lastByClock = new HashMap<>();

    Reevaluation(ActiveFiles files, Ledger ledger, Plans plans, Runs runs, Reconciliation reconciliation) {
        this.files = files;
        this.ledger = ledger;
        this.plans = plans;
        this.runs = runs;
        this.reconciliation = reconciliation;
    }

    @Scheduled(initialDelay = 3_000, fixedDelay = 3_000)
    void look() {
        try {
            files.follow();
            files.current().mappings().forEach(this::look);
        } catch (DataAccessException e) {
            LOG.warn("stored facts could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    private void look(SourceName source, Mapping mapping) {
        Optional<String> before = runs.evaluated(source);
        Instant now = runs.now();
        if (!before.equals(Optional.of(mapping.meaning()))) {
            before.ifPresent(was -> again(source, now, Optional.of("mappings/" + source + ".yaml was edited; what it would take away waits for you"), "files"));
            runs.evaluated(source, mapping.meaning());
            lastByClock.put(source, now);
        } else if (mapping.readsNow() && lastByClock.getOrDefault(source, Instant.EPOCH).plus(HOUR).isBefore(now)) {
            again(source, now, Optional.empty(), "time");
            lastByClock.put(source, now);
        }
    }

    /** Everything of the source, chunk by chunk; what differs is converged. */
    private void again(SourceName source, Instant now, Optional<String> edited, String via) {
        Active active = files.current();
        Origin origin = new Origin("system", via, via + ":" + active.files().hash());
        Set<UUID> due = new LinkedHashSet<>();
        Set<String> workspaces = new HashSet<>();
        plans.groups(source).forEach(group -> due.addAll(group(source, group, active, now, workspaces, origin)));
        Optional<UUID> after = Optional.empty();
        for (List<UUID> chunk = plans.accounts(source, after, CHUNK); !chunk.isEmpty(); chunk = plans.accounts(source, after, CHUNK)) {
            due.addAll(accounts(source, chunk, active, now, origin));
            after = Optional.of(chunk.getLast());
        }
        if (!due.isEmpty() || !workspaces.isEmpty()) {
            Work.Mapped mapped = new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, Optional.of(List.copyOf(due)), workspaces, List.of(), edited, origin, true);
            Work.Applied applied = reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
            LOG.info("{}: {} accounts read again ({}): {}, {} held", source, due.size(), edited.isPresent() ? "its mapping was edited" : "by the clock", applied.converged().counts(), applied.converged().waits().size());
        }
    }

    private List<UUID> group(SourceName source, UUID id, Active active, Instant now, Set<String> workspaces, Origin origin) {
        return ledger.group(id, true, known -> {
            GroupFact before = known.orElseThrow();
            List<Misread> misread = new ArrayList<>();
            GroupFact after = facts(source, active, now, misread).group(before);
            if (after.readsAs(before)) {
                return new Ledger.GroupChange(List.of(), List.of());
            }
            after.places().stream().map(Place::workspace).forEach(workspaces::add);
            return new Ledger.GroupChange(List.of(after), misread);
        }, new Ledger.MemberPush(List.of(), List.of(), Optional.empty()), source, origin.origin(), active.files().hash());
    }

    private List<UUID> accounts(SourceName source, Collection<UUID> ids, Active active, Instant now, Origin origin) {
        List<UUID> changed = new ArrayList<>();
        ledger.lookAgain(source, ids, known -> {
            changed.clear();
            List<AccountFact> after = new ArrayList<>();
            List<Misread> all = new ArrayList<>();
            for (AccountFact before : known) {
                List<Misread> misread = new ArrayList<>();
                AccountFact fresh = facts(source, active, now, misread).account(before);
                if (!fresh.readsAs(before)) {
                    after.add(fresh);
                    all.addAll(misread);
                    changed.add(before.id());
                }
            }
            return new Ledger.AccountChange(after, all);
        }, origin.origin(), active.files().hash());
        return changed;
    }

    private static MappedFacts facts(SourceName source, Active active, Instant now, List<Misread> misread) {
        return new MappedFacts(active.mapping(source).orElseThrow(), active.deprovision(source), now, misread::add);
    }
}
