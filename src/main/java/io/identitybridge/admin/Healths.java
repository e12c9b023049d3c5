package io.identitybridge.admin;

import io.identitybridge.admin.ServedCertificate.Need;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import io.identitybridge.store.Alarms;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What health says of the bridge's work. DOWN (503) only where a person is needed now, as the pages of {@code ops/alerts.yaml} are: a restart heals nothing of
 * it, and liveness and readiness stay UP. {@code ATTENTION} (200) is what can wait until somebody looks.
 */
@Configuration(proxyBeanMethods = false)
class Healths {
    static final Status ATTENTION = new Status("ATTENTION");
    private static final Duration PLAN = Duration.ofHours(4);
    private static final Duration LEAVER = Duration.ofMinutes(15);
    private static final Duration STORE = Duration.ofMinutes(15);

    /** DOWN where a plan waits for more than 4 hours, ATTENTION while one is held. */
    @Bean
    HealthIndicator plansHealthIndicator(Alarms alarms) {
        return () -> {
            List<Alarms.Held> held = alarms.held();
            boolean late = held.stream().anyMatch(plan -> plan.ageSeconds() > PLAN.toSeconds());
            return health(late, !held.isEmpty()).withDetail("held", held.stream().map(plan -> "plan " + plan.id() + " of " + plan.source() + ": "
                    + plan.lines() + " lines, since " + Math.round(plan.ageSeconds()) + " s").toList()).build();
        };
    }

    /** DOWN for 15 minutes after a letter that could not be stored, and while one of class AUTH is open; with the number of open letters by source and cause. */
    @Bean
    HealthIndicator lettersHealthIndicator(Alarms alarms, MeterRegistry registry) {
        Lately lost = new Lately(STORE, () -> registry.find("bridge.dead.letter.store.failures").counters().stream().mapToDouble(Counter::count).sum());
        return () -> {
            List<Alarms.Letters> letters = alarms.letters();
            boolean refused = letters.stream().anyMatch(open -> open.cause().equals("AUTH"));
            return health(lost.happened() || refused, false).withDetail("open", letters.stream().mapToLong(Alarms.Letters::open).sum())
                    .withDetail("notStored", (long) lost.count())
                    .withDetail("causes", letters.stream().map(open -> open.source() + " " + open.cause() + ": " + open.open()).toList()).build();
        };
    }

    /** DOWN while somebody who left waits for Portkey for more than 15 minutes, or can only be let go there by hand; ATTENTION while one is there who is not the bridge's. */
    @Bean
    HealthIndicator leaversHealthIndicator(Alarms alarms) {
        return () -> {
            Duration oldest = alarms.oldestLeaver();
            long kept = alarms.kept();
            return health(oldest.compareTo(LEAVER) > 0, kept > 0).withDetail("oldestSeconds", oldest.toSeconds()).withDetail("kept", kept).build();
        };
    }

    /** ATTENTION while a workspace waits until somebody has looked whether it is at Portkey. */
    @Bean
    HealthIndicator workspacesHealthIndicator(Alarms alarms) {
        return () -> {
            List<String> unseen = alarms.unseen();
            return health(false, !unseen.isEmpty()).withDetail("waiting", unseen).withDetail("todo", unseen.isEmpty() ? "" : "look for them at Portkey: bridge target findings, then bridge target apply --make-workspaces").build();
        };
    }

    /** DOWN where credentials are refused, by Portkey or by a source. */
    @Bean
    HealthIndicator credentialsHealthIndicator(Alarms alarms) {
        return () -> {
            Map<String, String> stopped = alarms.stopped();
            return health(!stopped.isEmpty(), false).withDetail("refused", stopped).build();
        };
    }

    /** DOWN where a source that has pulled before lost a setting, or was last read as a whole more than three intervals ago; ATTENTION where its last run failed, or so much of it that it is quarantined. */
    @Bean
    HealthIndicator sourcesHealthIndicator(Alarms alarms, Situation situation) {
        return () -> {
            List<String> lost = situation.parts().stream()
                    .filter(part -> part.kind().equals("pull") && !part.on() && !part.missing().isEmpty() && alarms.pulledBefore(part.name()))
                    .map(part -> part.name() + " lacks " + String.join(", ", part.missing())).toList();
            List<String> quarantined = alarms.quarantined();
            List<String> failed = alarms.failed().stream().map(run -> run.source() + " at " + run.at() + ": " + run.message()).toList();
            Map<String, Duration> complete = alarms.lastComplete();
            Set<String> on = situation.parts().stream().filter(part -> part.kind().equals("pull") && part.on()).map(Situation.Part::name).collect(Collectors.toSet());
            List<String> late = situation.intervals().entrySet().stream().filter(source -> on.contains(source.getKey().value()))
                    .filter(source -> complete.getOrDefault(source.getKey().value(), Duration.ZERO).compareTo(source.getValue().multipliedBy(3)) > 0)
                    .map(source -> source.getKey() + " was last read as a whole " + complete.get(source.getKey().value()).toMinutes() + " minutes ago; its clock says every " + source.getValue().toMinutes()).toList();
            return health(!lost.isEmpty() || !late.isEmpty(), !failed.isEmpty() || !quarantined.isEmpty()).withDetail("settingsLost", lost).withDetail("late", late).withDetail("lastRunFailed", failed).withDetail("quarantined", quarantined).build();
        };
    }

    /** ATTENTION while bridges share a database without BRIDGE_SECRET. */
    @Bean
    HealthIndicator secretHealthIndicator(Alarms alarms) {
        return () -> {
            boolean bare = alarms.bareKey();
            return health(false, bare).withDetail("todo", bare ? "set one BRIDGE_SECRET, or BRIDGE_SECRET_FILE, on every bridge: what dead letters hold of people lies beside its key" : "").build();
        };
    }

    /** ATTENTION while the files on the disk are faulty and an older set runs. */
    @Bean
    HealthIndicator filesHealthIndicator(Situation situation) {
        return () -> {
            List<String> faults = situation.faults().stream().map(FileFault::toString).toList();
            return health(false, !faults.isEmpty()).withDetail("faults", faults).build();
        };
    }

    /** DOWN where the certificate of the public listener does not count or is about to end; ATTENTION before that, and where what lies on the disk for it cannot be served. */
    @Bean
    HealthIndicator certificateHealthIndicator(Certificates certificates) {
        return () -> certificates.look().map(seen -> health(seen.need() == Need.NOW, seen.need() == Need.LOOK).withDetail("ends", seen.ends().toString()).withDetail("onDisk", seen.fault().orElse("can be served")).build())
                .orElseGet(() -> Health.up().build());
    }

    private static Health.Builder health(boolean down, boolean attention) {
        return down ? Health.down() : attention ? Health.status(ATTENTION) : Health.up();
    }
}
