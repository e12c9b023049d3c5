package io.identitybridge.flow;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.JobDetail;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The clocks that lie in the database, which all bridges share: Camel leaves those of routes that are gone, and they would go on for ever. */
@Component
class Triggers {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
    private final Optional<Scheduler> scheduler;

    Triggers(ObjectProvider<Scheduler> scheduler) {
        this.scheduler = Optional.ofNullable(scheduler.getIfAvailable());
    }

    /** Ends the clocks of Camel's that no route of this context is started by. */
    void keepOnly(CamelContext camel) {
        Set<TriggerKey> wanted = new HashSet<>();
        for (Route route : camel.getRoutes()) {
            if (route.getEndpoint() instanceof QuartzEndpoint quartz) {
                wanted.add(quartz.getTriggerKey());
            }
        }
        scheduler.ifPresent(clocks -> end(clocks, wanted));
    }

    private static void end(Scheduler clocks, Set<TriggerKey> wanted) {
        try {
            for (TriggerKey key : clocks.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
                if (!wanted.contains(key) && camels(clocks, key)) {
                    clocks.unscheduleJob(key);
                    LOG.info("the clock {} has no route any more and is ended", key.getName());
                }
            }
        } catch (SchedulerException e) {
            LOG.warn("clocks without a route could not be looked for: {}", e.getMessage());
        }
    }

    private static boolean camels(Scheduler clocks, TriggerKey key) throws SchedulerException {
        var trigger = clocks.getTrigger(key);
        JobDetail job = trigger == null ? null : clocks.getJobDetail(trigger.getJobKey());
        return job != null && job.getJobClass().getName().startsWith("org.apache.camel.component.quartz");
    }
}
