package io.identitybridge.flow;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.publish.ControlPlane;
import io.identitybridge.publish.ControlPlanes;
import io.identitybridge.publish.Publisher;
import io.identitybridge.publish.Terms;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.TargetOwners;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The publisher of the active files' target: none for target store, and none while a setting of it is missing. */
@Component
class Publishing {
    private final ActiveFiles files;
    private final PortkeySettings settings;
    private final PortkeyHttp http;
    private final Outbox outbox;
    private final PublishReads reads;
    private final TargetState state;
    private final TargetOwners owners;
    private final Duration lease;
    private final String bridge = UUID.randomUUID().toString();
    private volatile Optional<Met> met = Optional.empty();

    Publishing(ActiveFiles files, PortkeySettings settings, PortkeyHttp http, Outbox outbox, PublishReads reads, TargetState state, TargetOwners owners,
               @Value("${bridge.publish.lease:90000}") long lease) {
        this.files = files;
        this.settings = settings;
        this.http = http;
        this.outbox = outbox;
        this.reads = reads;
        this.state = state;
        this.owners = owners;
        this.lease = Duration.ofMillis(lease);
    }

    /** A target that this bridge has taken up with. */
    private record Met(Organisation by, String address, ControlPlane plane, Publisher publisher) {
        boolean is(Organisation organisation, String address) {
            return by.equals(organisation) && this.address.equals(address);
        }
    }

    Optional<Publisher> publisher() {
        return met().map(Met::publisher);
    }

    Optional<ControlPlane> plane() {
        return met().map(Met::plane);
    }

    private Optional<Met> met() {
        Organisation organisation = files.current().organisation();
        Optional<PortkeySettings.Door> door = settings.door(organisation.target());
        if (door.isEmpty()) {
            return Optional.empty();
        }
        String address = door.get().address().toString();
        if (met.filter(known -> known.is(organisation, address)).isEmpty()) {
            met = Optional.of(meet(organisation, address));
        }
        return met;
    }

    private synchronized Met meet(Organisation organisation, String address) {
        state.meet(organisation.target().name().toLowerCase(Locale.ROOT).replace('_', '-'), address);
        ControlPlane plane = ControlPlanes.of(organisation, reads, outbox, owners);
        return new Met(organisation, address, plane, new Publisher(plane, http, outbox, reads, state, bridge, this::terms));
    }

    Terms terms() {
        Active active = files.current();
        Organisation organisation = active.organisation();
        LocalDate today = LocalDate.ofInstant(reads.now(), ZoneOffset.UTC);
        return new Terms(active.files().causes(), active.files().hash(),
                organisation.guarded().people().stream().filter(entry -> entry.until().filter(until -> until.isBefore(today)).isEmpty()).map(entry -> Folded.of(entry.name())).collect(Collectors.toSet()),
                organisation.switches().createMissingWorkspaces(), organisation.publishing().callsPerSecond(), organisation.publishing().sideBySide(), lease, PortkeyHttp.LONGEST);
    }
}
