package io.identitybridge.flow;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Secrets from vaults, by Camel's property functions (camel.apache.org/manual/using-propertyplaceholder.html): {@code hashicorp:secret:okta#token}
 * is the function before the first colon and what it is asked for. Which functions there are the jars beside the bridge decide. An answer is good
 * for a minute, so that a status page asks no vault each time; a vault that does not answer is asked again as soon, and until then what it last said holds.
 */
@Component
class Vaults {
    private static final Logger LOG = LoggerFactory.getLogger(Vaults.class);
    private static final Duration GOOD = Duration.ofMinutes(1);

    private final CamelContext camel;
    private final Duration good;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    @Autowired
    Vaults(@Lazy CamelContext camel) {
        this(camel, GOOD);
    }

    Vaults(CamelContext camel, Duration good) {
        this.camel = camel;
        this.good = good;
    }

    private record Kept(Optional<String> value, long until) {
    }

    /** The secret of that name; empty where no jar brings the function, the vault has none or does not answer. The log says which, never a value. */
    Optional<String> value(String name) {
        return kept.compute(name, (key, before) -> before != null && System.nanoTime() - before.until() < 0 ? before
                : new Kept(asked(name, Optional.ofNullable(before).flatMap(Kept::value)), System.nanoTime() + good.toNanos())).value();
    }

    private Optional<String> asked(String name, Optional<String> before) {
        String[] parts = name.split(":", 2);
        try {
            PropertiesFunction function = parts.length == 2 ? camel.getPropertiesComponent().getPropertiesFunction(parts[0]) : null;
            if (function == null) {
                LOG.warn("no vault is called '{}' here: put the jar of its Camel component beside the bridge, as src/docs/operations.md says", parts[0]);
                return Optional.empty();
            }
            return Optional.ofNullable(function.apply(parts[1])).filter(value -> !value.isBlank());
        } catch (RuntimeException fault) {
            // Each vault has faults of its own; their texts may hold what was asked with, so only the kind goes on.
            LOG.warn("the vault '{}' did not answer ({}){}", parts[0], fault.getClass().getSimpleName(), before.isPresent() ? "; what it said last holds" : "");
            return before;
        }
    }
}
