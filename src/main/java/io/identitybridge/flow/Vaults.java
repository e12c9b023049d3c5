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
    /** Which of Camel's components brings which function. */
    private static final Map<String, String> COMPONENTS = Map.of("hashicorp", "camel-hashicorp-vault", "aws", "camel-aws-secrets-manager", "azure", "camel-azure-key-vault", "gcp", "camel-google-secret-manager",
            "secret", "camel-kubernetes", "configmap", "camel-kubernetes", "ibm", "camel-ibm-secrets-manager", "cyberark", "camel-cyberark-vault");
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

    /** What has to be added before this secret can be asked for; empty where its function is there. */
    Optional<String> lacks(String name) {
        String function = name.split(":", 2)[0];
        return function(name).isPresent() ? Optional.empty() : Optional.of(Optional.ofNullable(COMPONENTS.get(function))
                .map(component -> "the jar of " + component + ", which brings the vault function '" + function + "', in BRIDGE_LIB").orElse("a jar that brings the vault function '" + function + "', in BRIDGE_LIB"));
    }

    private Optional<PropertiesFunction> function(String name) {
        return name.contains(":") ? Optional.ofNullable(camel.getPropertiesComponent().getPropertiesFunction(name.substring(0, name.indexOf(':')))) : Optional.empty();
    }

    private Optional<String> asked(String name, Optional<String> before) {
        String[] parts = name.split(":", 2);
        try {
            Optional<PropertiesFunction> function = function(name);
            if (function.isEmpty()) {
                LOG.warn("no vault is called '{}' here: the bridge lacks {} (src/docs/operations.md, Secrets from a vault)", parts[0], lacks(name).orElseThrow());
                return Optional.empty();
            }
            return Optional.ofNullable(function.get().apply(parts[1])).filter(value -> !value.isBlank());
        } catch (RuntimeException fault) {
            // Each vault has faults of its own; their texts may hold what was asked with, so only the kind goes on.
            LOG.warn("the vault '{}' did not answer ({}){}", parts[0], fault.getClass().getSimpleName(), before.isPresent() ? "; what it said last holds" : "");
            return before;
        }
    }
}
