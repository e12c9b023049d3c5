package io.identitybridge.flow;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Controls.Refused;
import io.identitybridge.model.OverrideControls;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Journal;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Named;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Overrides;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Puts fields of accounts under an operator's word for a time: what is stored of the account is read again, and whoever that touches converged, under the guard. */
@Component
class OverrideOperations implements OverrideControls {
    private static final Logger LOG = LoggerFactory.getLogger(OverrideOperations.class);

    private final Overrides overrides;
    private final Overriding known;
    private final Named named;
    private final Ledger ledger;
    private final Runs runs;
    private final Journal journal;
    private final ActiveFiles files;
    private final Reconciliation reconciliation;

    OverrideOperations(Overrides overrides, Overriding known, Named named, Ledger ledger, Runs runs, Journal journal, ActiveFiles files, Reconciliation reconciliation) {
        this.overrides = overrides;
        this.known = known;
        this.named = named;
        this.ledger = ledger;
        this.runs = runs;
        this.journal = journal;
        this.files = files;
        this.reconciliation = reconciliation;
    }

    @Override
    public List<String> override(SourceName source, String account, Field field, String value, String reason, Instant until, String actor) {
        if (!until.isAfter(runs.now())) {
            throw new Refused("an override ends in the future, not at " + until);
        }
        frozen(source);
        UUID id = named.account(source, account).orElseThrow(() -> new Refused(source + " has no account '" + account + "' that is there: name it by the IdP's id, ours, or its user name"));
        long number = overrides.put(source, id, field.toString(), value, reason, until, actor)
                .orElseThrow(() -> new Refused(Overrides.MOST + " overrides are in force already; what is wrong with so many is for mappings/" + source + ".yaml"));
        Origin origin = new Origin(actor, "operator", "override:" + number);
        journal.note(origin, Optional.of(source), files.current().files().hash(), "override " + number + ": " + field + " of account " + id + " until " + until + ": " + reason);
        List<String> said = new ArrayList<>(List.of("override " + number + " until " + until));
        said.addAll(again(source, List.of(id), origin));
        return said;
    }

    @Override
    public List<String> endOverride(long id, String reason, String actor) {
        overrides.active().stream().filter(override -> override.id() == id).forEach(override -> frozen(override.source()));
        Map.Entry<SourceName, UUID> whose = overrides.end(id, actor, reason).orElseThrow(() -> new Refused("no override " + id + " is in force"));
        Origin origin = new Origin(actor, "operator", "override:" + id);
        journal.note(origin, Optional.of(whose.getKey()), files.current().files().hash(), "end override " + id + ": " + reason);
        List<String> said = again(whose.getKey(), List.of(whose.getValue()), origin);
        overrides.ended(List.of(whose.getValue()), files.current().files().hash());
        return said;
    }

    /** Follows what other bridges were told, and ends what is over. */
    @Scheduled(initialDelayString = "${bridge.look.every:3000}", fixedDelayString = "${bridge.look.every:3000}")
    void follow() {
        try {
            known.refresh().forEach((source, accounts) -> {
                if (isRead(source)) {
                    tried(source, accounts, "override:followed");
                }
            });
            overrides.over().forEach((source, accounts) -> {
                if (isRead(source) && tried(source, accounts, "override:over")) { // else once its files are back: so long its people stay as they are
                    overrides.ended(accounts, files.current().files().hash());
                }
            });
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("overrides could not be looked at for now: {}", e.getClass().getSimpleName());
        }
    }

    /** One source's fault holds no other back. */
    private boolean tried(SourceName source, Collection<UUID> accounts, String origin) {
        try {
            again(source, accounts, new Origin("system", "time", origin));
            return true;
        } catch (RuntimeException e) {
            LOG.error("accounts of {} whose overrides have changed could not be looked at again, and are tried again: {}", source, Bugs.said(e));
            return false;
        }
    }

    private boolean isRead(SourceName source) {
        return files.current().mapping(source).isPresent();
    }

    private void frozen(SourceName source) {
        if (!isRead(source)) {
            throw new Refused("there is no mappings/" + source + ".yaml now, so its people stay as they are: put it back first");
        }
    }

    private List<String> again(SourceName source, Collection<UUID> accounts, Origin origin) {
        known.refresh();
        Map<UUID, Map<String, Overrides.Override>> by = known.inForce();
        Active active = files.current();
        if (active.mapping(source).isEmpty()) {
            return List.of();
        }
        new LookAgain(ledger, source, active, runs.now(), Trigger.of(origin.origin())).accounts(accounts);
        ledger.markDue(accounts, Trigger.of(origin.origin()));
        Work.Mapped mapped = new Work.Mapped(new Batch.Staged(source, new UUID(0, 0)), active, Optional.of(List.copyOf(accounts)), java.util.Set.of(), List.of(), origin, false);
        Work.Applied applied = reconciliation.apply(reconciliation.guard(reconciliation.plan(mapped)));
        known.looked(accounts, by);
        List<String> said = new ArrayList<>(applied.converged().done());
        applied.converged().waits().forEach((sentence, why) -> said.add(sentence + ": waits, " + why));
        applied.converged().problems().forEach(problem -> said.add("dead letter: " + problem.sentence()));
        applied.converged().refused().forEach(refused -> said.add("refused: " + refused));
        return said;
    }
}
