package io.identitybridge.admin;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import io.identitybridge.store.Alarms;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What health says of the bridge's work. {@code ATTENTION} is worse than UP and better than DOWN: the bridge serves
 * (HTTP 200, liveness and readiness stay UP), and a person has to look.
 */
@Configuration(proxyBeanMethods = false)
class Healths {
    static final Status ATTENTION = new Status("ATTENTION");

    /** ATTENTION while a plan is held. */
    @Bean
    HealthIndicator plansHealthIndicator(Alarms alarms) {
        return () -> {
            List<Alarms.Held> held = alarms.held();
            Health.Builder health = held.isEmpty() ? Health.up() : Health.status(ATTENTION);
            return health.withDetail("held", held.stream().map(plan -> "plan " + plan.id() + " of " + plan.source() + ": "
                    + plan.lines() + " lines, since " + Math.round(plan.ageSeconds()) + " s").toList()).build();
        };
    }

    /** UP, with the number of open letters by source and cause. */
    @Bean
    HealthIndicator lettersHealthIndicator(Alarms alarms) {
        return () -> {
            List<Alarms.Letters> letters = alarms.letters();
            return Health.up().withDetail("open", letters.stream().mapToLong(Alarms.Letters::open).sum())
                    .withDetail("causes", letters.stream().map(open -> open.source() + " " + open.cause() + ": " + open.open()).toList()).build();
        };
    }

    /** ATTENTION where the last run of a source failed, or so much of it that it is quarantined; DOWN where a source that has pulled before lost a setting. */
    @Bean
    HealthIndicator sourcesHealthIndicator(Alarms alarms, Situation situation) {
        return () -> {
            List<String> lost = situation.parts().stream()
                    .filter(part -> part.kind().equals("pull") && !part.on() && !part.missing().isEmpty() && alarms.pulledBefore(part.name()))
                    .map(part -> part.name() + " lacks " + String.join(", ", part.missing())).toList();
            List<String> quarantined = alarms.quarantined();
            List<String> failed = alarms.failed().stream().map(run -> run.source() + " at " + run.at() + ": " + run.message()).toList();
            Health.Builder health = !lost.isEmpty() ? Health.down() : failed.isEmpty() && quarantined.isEmpty() ? Health.up() : Health.status(ATTENTION);
            return health.withDetail("settingsLost", lost).withDetail("lastRunFailed", failed).withDetail("quarantined", quarantined).build();
        };
    }

    /** ATTENTION while the files on the disk are faulty and an older set runs. */
    @Bean
    HealthIndicator filesHealthIndicator(Situation situation) {
        return () -> {
            List<String> faults = situation.faults().stream().map(FileFault::toString).toList();
            return (faults.isEmpty() ? Health.up() : Health.status(ATTENTION)).withDetail("faults", faults).build();
        };
    }
}
