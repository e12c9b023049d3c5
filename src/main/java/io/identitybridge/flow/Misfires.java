package io.identitybridge.flow;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.quartz.CronTrigger;
import org.springframework.stereotype.Component;

/** A tick that nobody was there for is not made up for: what is overdue runs once at start (see {@link FirstPulls}). A route that says another {@code trigger.misfireInstruction} has its way. */
@Component
class Misfires implements CamelContextConfiguration {
    @Override
    public void beforeApplicationStart(CamelContext camel) {
        camel.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            if (endpoint instanceof QuartzEndpoint quartz && quartz.getCron() != null) {
                Map<String, Object> trigger = new HashMap<>(quartz.getTriggerParameters() == null ? Map.of() : quartz.getTriggerParameters());
                trigger.putIfAbsent("misfireInstruction", CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING);
                quartz.setTriggerParameters(trigger);
            }
            return endpoint;
        });
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // The routes are up by then; there is nothing left to set.
    }
}
