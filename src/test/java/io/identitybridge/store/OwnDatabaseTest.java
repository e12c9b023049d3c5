package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.OneStart;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("real")
class OwnDatabaseTest {
    @TempDir
    Path folder;
    private Path data;

    @BeforeEach
    void data() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        EmbeddedPostgresTest.shareProgramsWith(data);
    }

    @AfterEach
    void programsAreShared() throws IOException {
        Files.delete(data.resolve("postgres-bin"));
    }

    @Test
    void without_a_url_the_bridge_starts_its_own_postgresql_and_migrates_it() throws Exception {
        try (ConfigurableApplicationContext bridge = start("bridge.data=" + data, "spring.datasource.url=")) {
            JdbcClient client = bridge.getBean(JdbcClient.class);
            assertThat(client.sql("select version from flyway_schema_history where success order by installed_rank").query(String.class).list())
                    .startsWith("1", "2");
            assertThat(bridge.getBean(Scheduler.class).getMetaData().isJobStoreClustered()).isTrue();
            bridge.getBean(Scheduler.class).start(); // else Camel's first route with a clock does
            assertThat(client.sql("select count(*) from qrtz_scheduler_state").query(Integer.class).single()).isEqualTo(1);
        }
    }

    @Test
    void at_the_stop_camel_ends_first_and_the_pool_before_the_server() {
        ConfigurableApplicationContext bridge = start("bridge.data=" + data);
        JdbcClient client = bridge.getBean(JdbcClient.class);
        HikariDataSource pool = bridge.getBean(HikariDataSource.class);
        EmbeddedPostgres postgres = bridge.getBean(EmbeddedPostgres.class);
        LastWord lastWord = new LastWord(client);
        bridge.getBean(CamelContext.class).getManagementStrategy().addEventNotifier(lastWord);
        bridge.close();
        assertThat(lastWord.answer).isEqualTo(42);
        assertThat(pool.isClosed()).isTrue();
        assertThat(ProcessHandle.of(postgres.pid())).isEmpty();
    }

    @Test
    void with_a_url_nothing_is_started_here() {
        List<String> address = TestDatabase.freshAddress();
        try (ConfigurableApplicationContext bridge = start("bridge.data=" + data, "spring.datasource.url=" + address.get(0),
                "spring.datasource.username=" + address.get(1), "spring.datasource.password=" + address.get(2))) {
            assertThat(bridge.getBeansOfType(EmbeddedPostgres.class)).isEmpty();
            assertThat(bridge.getBean(JdbcClient.class).sql("select count(*) from person").query(Integer.class).single()).isZero();
            assertThat(data.resolve("bridge.lock")).doesNotExist();
        }
    }

    @Test
    void a_directory_in_use_stops_the_start_with_the_reason() {
        try (EmbeddedPostgres other = EmbeddedPostgres.start(data)) {
            assertThat(other.user()).isEqualTo("bridge");
            assertThatThrownBy(() -> start("bridge.data=" + data)).hasRootCauseInstanceOf(PostgresUnavailable.class);
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return OneStart.of(() -> new SpringApplicationBuilder(Only.class).web(WebApplicationType.NONE).properties(properties)
                .properties("camel.main.routes-include-pattern=false").run());
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(OwnDatabase.class)
    static class Only {}

    /** Asks the database when Camel has stopped: the pool must still be open then. */
    private static final class LastWord extends EventNotifierSupport {
        private final JdbcClient client;
        private int answer;

        LastWord(JdbcClient client) {
            this.client = client;
        }

        @Override
        public void notify(CamelEvent event) {
            if (event instanceof CamelEvent.CamelContextStoppingEvent) {
                answer = client.sql("select 42").query(Integer.class).single();
            }
        }
    }
}
