package io.identitybridge.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Opens the keys for personal data. {@code BRIDGE_SECRET}; without it the bridge's own database goes with a secret that the bridge has made for itself in
 * its data directory, and a shared one with none.
 */
@Configuration(proxyBeanMethods = false)
public class SealBeans {
    @Bean
    Seals seals(JdbcTemplate jdbc, @Value("${bridge.secret:}") String given, @Value("${bridge.secret.before:}") String before,
                @Value("${spring.datasource.url:}") String shared, @Value("${bridge.data:data}") Path data) {
        Optional<BridgeSecret> secret = BridgeSecret.given("BRIDGE_SECRET", given).or(() -> shared.isBlank() ? Optional.of(BridgeSecret.kept(data)) : Optional.empty());
        List<BridgeSecret> earlier = Stream.concat(BridgeSecret.given("BRIDGE_SECRET_BEFORE", before).stream(), BridgeSecret.left(data).stream()).toList();
        Sql sql = new Sql(jdbc);
        return new Seals(sql, new MasterKey(sql).opened(secret, earlier));
    }
}
