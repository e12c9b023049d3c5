package io.identitybridge.flow;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.PropertiesFunction;

/** A vault that Camel finds on the class path as it finds those of its components. */
public final class TestVault implements PropertiesFunction {
    /** What it holds; a text that begins with "!" is what it fails with. */
    static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

    @Override
    public String getName() {
        return "testvault";
    }

    @Override
    public String apply(String remainder) {
        String secret = SECRETS.get(remainder);
        if (secret != null && secret.startsWith("!")) {
            throw new UnsupportedOperationException(secret);
        }
        return secret;
    }
}
