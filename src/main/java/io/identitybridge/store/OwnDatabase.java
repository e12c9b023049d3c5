package io.identitybridge.store;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Starts the bridge's own PostgreSQL under {@code BRIDGE_DATA} (default {@code data}) where no spring.datasource.url is set. */
@Configuration(proxyBeanMethods = false)
@Conditional(OwnDatabase.NoUrl.class)
class OwnDatabase {

    @Bean
    EmbeddedPostgres embeddedPostgres(@Value("${bridge.data:data}") Path data) {
        return EmbeddedPostgres.start(data);
    }

    /** The pool is made from this, hence after the server; it is closed before it, too. */
    @Bean
    JdbcConnectionDetails ownConnectionDetails(EmbeddedPostgres postgres) {
        return new Details(postgres);
    }

    private record Details(EmbeddedPostgres postgres) implements JdbcConnectionDetails {
        @Override
        public String getUsername() {
            return postgres.user();
        }

        @Override
        public String getPassword() {
            return postgres.password();
        }

        @Override
        public String getJdbcUrl() {
            return postgres.url();
        }
    }

    static final class NoUrl implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
