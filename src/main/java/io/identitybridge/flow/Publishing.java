package io.identitybridge.flow;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.publish.ControlPlane;
import io.identitybridge.publish.ControlPlanes;
import io.identitybridge.publish.Http;
import io.identitybridge.publish.LeaverKeys;
import io.identitybridge.publish.Publisher;
import io.identitybridge.publish.Terms;
import io.identitybridge.publish.WholeReading;
import io.identitybridge.store.Creates;
import io.identitybridge.store.HighWater;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.TargetDrift;
import io.identitybridge.store.TargetLeft;
import io.identitybridge.store.TargetStage;
import io.identitybridge.store.TargetOwners;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The publisher of the active files' target: none for target store, and none while a setting of it is missing. */
@Component
class Publishing {
    private static final Logger LOG = LoggerFactory.getLogger("publish");

    private final ActiveFiles files;
    private final PortkeySettings settings;
    private final PortkeyHttp http;
    private final Outbox outbox;
    private final PublishReads reads;
    private final TargetState state;
    private final TargetStage stage;
    private final TargetDrift drift;
    private final HighWater highWater;
    private final TargetOwners owners;
    private final TargetLeft left;
    private final Duration lease;
    private final boolean lab;
    private final AtomicBoolean overtaken = new AtomicBoolean();
    private volatile Optional<Met> met = Optional.empty();
    private volatile Protected guarded = new Protected(new Organisation.Guarded(List.of(), List.of()), LocalDate.MIN, new TargetStage.Guarded(Set.of(), Set.of()));

    Publishing(ActiveFiles files, PortkeySettings settings, PortkeyHttp http, Outbox outbox, PublishReads reads, TargetState state, TargetStage stage, TargetDrift drift, HighWater highWater, TargetOwners owners, TargetLeft left,
               @Value("${bridge.publish.lease:90000}") long lease, @Value("${bridge.lab:false}") boolean lab) {
        this.files = files;
        this.settings = settings;
        this.http = http;
        this.outbox = outbox;
        this.reads = reads;
        this.state = state;
        this.stage = stage;
        this.drift = drift;
        this.highWater = highWater;
        this.owners = owners;
        this.left = left;
        this.lease = Duration.ofMillis(lease);
        this.lab = lab;
        if (lab && settings.door(files.current().organisation().target()).isPresent()) {
            throw new LabBesideTarget();
        }
    }

    /** A target that this bridge has taken up with. */
    private record Met(Organisation by, String kind, String address, ControlPlane plane, Publisher publisher, WholeReading reading, Optional<LeaverKeys> keys) {
        boolean is(Organisation organisation, String address) {
            return by.equals(organisation) && this.address.equals(address);
        }

        boolean leads(String kind, String address) {
            return this.kind.equals(kind) && this.address.equals(address);
        }
    }

    /** Who and what is protected by these entries on that day. */
    private record Protected(Organisation.Guarded entries, LocalDate on, TargetStage.Guarded names) {
    }

    Optional<Publisher> publisher() {
        return met().filter(known -> !restored()).map(Met::publisher);
    }

    Optional<ControlPlane> plane() {
        return met().map(Met::plane);
    }

    /** Whether another bridge has taken up with another Portkey since, as of the last time that anything was to be done. */
    boolean overtaken() {
        return overtaken.get();
    }

    private Optional<Met> met() {
        Organisation organisation = files.current().organisation();
        Optional<PortkeySettings.Door> door = settings.door(organisation.target());
        if (door.isEmpty() || lab) { // the lab's people are nobody's: a target that an edit brings while it runs is not written to
            return Optional.empty();
        }
        String address = door.get().address().toString();
        String kind = kind(organisation);
        if (met.filter(known -> known.leads(kind, address)).isPresent() && !state.now().isAt(kind, address)) { // another bridge has taken up with another one since
            if (overtaken.compareAndSet(false, true)) {
                LOG.error("Another bridge publishes to another Portkey than this one, whose settings lead to {}: nothing is read or written there. Give all bridges the same address, and start this one anew", address);
            }
            return Optional.empty();
        }
        overtaken.set(false);
        if (met.filter(known -> known.is(organisation, address)).isEmpty()) {
            met = Optional.of(meet(organisation, address));
        }
        return met;
    }

    private static String kind(Organisation organisation) {
        return organisation.target().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private synchronized Met meet(Organisation organisation, String address) {
        String kind = kind(organisation);
        state.meet(kind, address);
        ControlPlane plane = ControlPlanes.of(organisation, reads, outbox, owners);
        Http there = http.at(address, () -> state.lately().isAt(kind, address));
        return new Met(organisation, kind, address, plane, new Publisher(plane, there, outbox, reads, state, this::terms),
                new WholeReading(ControlPlanes.reader(organisation), plane, there, new WholeReading.Parts(stage, drift, state, reads, outbox), this::terms, this::rules),
                organisation.target() == Organisation.Target.PORTKEY_ADMIN_API ? Optional.of(new LeaverKeys(there, left, state, this::terms)) : Optional.empty());
    }

    /** Reads all of the target if that is due; {@code asked}: whether it is or not. Empty where there is no target, or nothing was due. */
    Optional<WholeReading.End> read(boolean asked) {
        return met().filter(known -> !restored() || asked).map(Met::reading).filter(reading -> asked || stage.due(files.current().organisation().publishing().readEvery())).map(reading -> reading.read(asked));
    }

    /** Whether the database knows less than this bridge has seen of it, whether the bridge ran on meanwhile or not: it was restored, and Portkey is only observed from then on. */
    private boolean restored() {
        synchronized (highWater) { // no other thread keeps more between the question and the answer
            TargetState.Knowledge knows = state.knows();
            boolean restored = highWater.above(knows.database(), knows.generation());
            if (restored && state.now().applies()) {
                state.mode(false, "system", "the database was restored: it knows less than this bridge has published, and Portkey may be newer");
                LOG.error("The database was restored from a backup, so nothing is written to Portkey: read it ('bridge target read'), look at what differs ('bridge plan --target'), then 'bridge target apply'");
            }
            highWater.keep(knows.database(), knows.generation());
            return restored;
        }
    }

    /** What looks after the keys of those who left; none where the target shows no keys. */
    Optional<LeaverKeys> keys() {
        return met().flatMap(Met::keys);
    }

    /** Looks after the keys of those who left, where that is due. */
    int lookAfterKeys() {
        Organisation.Publishing publishing = files.current().organisation().publishing();
        return keys().map(keys -> keys.look(publishing.lag(), publishing.readEvery())).orElse(0);
    }

    private WholeReading.Rules rules() {
        Organisation organisation = files.current().organisation();
        LocalDate today = LocalDate.ofInstant(reads.now(), ZoneOffset.UTC);
        TargetStage.Guarded all = guarded(organisation.guarded(), today);
        Set<String> workspaces = new HashSet<>(all.workspaces());
        organisation.defaultWorkspace().map(Folded::of).ifPresent(workspaces::add);
        return new WholeReading.Rules(organisation.publishing().lag(), organisation.publishing().repairs(), new TargetStage.Guarded(all.people(), workspaces));
    }

    /** Asked before each step of each key, and worked out anew only where it may be another one. */
    private TargetStage.Guarded guarded(Organisation.Guarded entries, LocalDate today) {
        Protected known = guarded;
        if (known.entries() != entries || !known.on().equals(today)) {
            known = new Protected(entries, today, new TargetStage.Guarded(Set.copyOf(guarded(entries.people(), today)), Set.copyOf(guarded(entries.workspaces(), today))));
            guarded = known;
        }
        return known.names();
    }

    private static Set<String> guarded(List<Organisation.Entry> entries, LocalDate today) {
        return entries.stream().filter(entry -> entry.until().filter(until -> until.isBefore(today)).isEmpty()).map(entry -> Folded.of(entry.name())).collect(Collectors.toSet());
    }

    /** By SCIM not all that is there is shown. */
    static Creates creates(Organisation organisation) {
        boolean blind = organisation.target() == Organisation.Target.PORTKEY_SCIM && !organisation.publishing().makesUnseen();
        return !organisation.switches().createMissingWorkspaces() ? Creates.NONE : blind ? Creates.AGREED : Creates.ALL;
    }

    Terms terms() {
        Active active = files.current();
        Organisation organisation = active.organisation();
        LocalDate today = LocalDate.ofInstant(reads.now(), ZoneOffset.UTC);
        return new Terms(active.files().causes(), active.files().hash(),
                () -> guarded(files.current().organisation().guarded(), today),
                creates(organisation), organisation.publishing().callsPerSecond(), organisation.publishing().sideBySide(), lease, PortkeyHttp.LONGEST);
    }
}
