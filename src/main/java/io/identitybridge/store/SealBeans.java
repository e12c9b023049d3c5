package io.identitybridge.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Opens the keys for personal data. {@code BRIDGE_SECRET} or {@code BRIDGE_SECRET_FILE}; without them the bridge's own database goes with a secret that the bridge has made for itself in
 * its data directory, and a shared one with none.
 */
@Configuration(proxyBeanMethods = false)
public class SealBeans {
    @Bean
    Seals seals(JdbcTemplate jdbc, Environment settings, @Value("${spring.datasource.url:}") String shared, @Value("${bridge.data:data}") Path data) {
        Optional<BridgeSecret> secret = given("BRIDGE_SECRET", settings).or(() -> shared.isBlank() ? Optional.of(BridgeSecret.kept(data)) : Optional.empty());
        List<BridgeSecret> earlier = Stream.concat(given("BRIDGE_SECRET_BEFORE", settings).stream(), BridgeSecret.left(data).stream()).toList();
        Sql sql = new Sql(jdbc);
        Seals seals = new Seals(sql, new MasterKey(sql).opened(secret, earlier));
        new LetterKeys(sql, seals).hide();
        return seals;
    }

    /** The variable, else the mounted file that the one with {@code _FILE} at its end names. */
    private static Optional<BridgeSecret> given(String name, Environment settings) {
        String property = name.toLowerCase(Locale.ROOT).replace('_', '.');
        return BridgeSecret.given(name, settings.getProperty(property, "")).or(() -> BridgeSecret.mounted(name + "_FILE", settings.getProperty(property + ".file", "")));
    }
}
