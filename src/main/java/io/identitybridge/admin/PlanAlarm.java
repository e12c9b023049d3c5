package io.identitybridge.admin;

import io.identitybridge.store.Alarms;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Says once for each held plan that somebody has to decide; looks every 10 seconds. */
@Component
class PlanAlarm {
    private static final Logger LOG = LoggerFactory.getLogger("plans");

    private final Alarms alarms;
    private final Set<Long> told = new HashSet<>();
    private boolean blind;

    PlanAlarm(Alarms alarms) {
        this.alarms = alarms;
    }

    @Scheduled(fixedDelay = 10_000)
    void look() {
        try {
            tell();
            blind = false;
        } catch (DataAccessException | TransactionException e) {
            if (!blind) {
                LOG.warn("held plans cannot be read: {}", e.getMessage());
            }
            blind = true;
        }
    }

    private synchronized void tell() {
        var held = alarms.held();
        told.retainAll(held.stream().map(Alarms.Held::id).collect(Collectors.toSet()));
        for (Alarms.Held plan : held) {
            if (told.add(plan.id())) {
                LOG.warn("plan {} of {} holds {} changes and waits for a person: {}. See 'bridge plans', then 'bridge approve {}' or 'bridge reject {}'",
                        plan.id(), plan.source(), plan.lines(), String.join("; ", plan.reasons()), plan.id(), plan.id());
            }
        }
    }
}
