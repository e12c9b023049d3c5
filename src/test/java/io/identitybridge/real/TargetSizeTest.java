package io.identitybridge.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import io.identitybridge.lab.StandInPortkey;
import io.identitybridge.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A Portkey of 100,000 people is read and compared in a heap that could not hold them. */
@Tag("real")
class TargetSizeTest {
    private static final int PEOPLE = 100_000;
    private static final int WORKSPACES = 200;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Test
    void a_hundred_thousand_people_are_read_and_compared_in_a_small_heap(@TempDir Path folder) throws Exception {
        List<String> database = TestDatabase.freshAddress();
        JdbcTemplate sql = new JdbcTemplate(new DriverManagerDataSource(database.get(0), database.get(1), database.get(2)));
        try (StandInPortkey portkey = new StandInPortkey(0, "/v1")) {
            portkey.byHand().organisation(PEOPLE, WORKSPACES, 11);
            sql.update("insert into person (id, email, email_folded, user_name, display_name, status, owner) select gen_random_uuid(), e, e, e, e, 'active', 'managed' from (select 'person' || lpad(n::text, greatest(4, length(n::text)), '0') || '@acme.com' as e from generate_series(1, ?) n) t", PEOPLE);
            BridgeFiles files = BridgeFiles.of(folder, "okta-app").everywhere("target: store ", "target: portkey-admin-api ").everywhere("switches:", "publish: {calls-per-second: 10000, read-every: 1d}\nswitches:");
            Map<String, String> settings = Map.of("SPRING_DATASOURCE_URL", database.get(0), "SPRING_DATASOURCE_USERNAME", database.get(1), "SPRING_DATASOURCE_PASSWORD", database.get(2),
                    "PORTKEY_URL", portkey.adminUrl(), "PORTKEY_ADMIN_KEY", StandInPortkey.ADMIN_KEY, "BRIDGE_SECRET", "a-secret-for-tests-of-32-characters");
            try (BridgeProcess bridge = BridgeProcess.start(files, folder.resolve("bridge"), folder.resolve("bridge.log"), settings, "-Xmx160m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")) {
                long begin = System.nanoTime();
                JsonNode target = target(bridge);
                while (!target.hasNonNull("comparedAt")) {
                    assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(bridge.log()).isLessThan(LONGEST);
                    BridgeProcess.pause();
                    target = target(bridge);
                }
                System.out.printf("%d people in %d workspaces read and compared in %d s with a heap of 160 MB%n", PEOPLE, WORKSPACES, Duration.ofNanos(System.nanoTime() - begin).toSeconds());
                assertThat(new ObjectMapper().readTree(bridge.get("/api/target/plan?limit=1")).path("matchedPeople").asInt()).isEqualTo(PEOPLE);
                assertThat(sql.queryForObject("select count(*) from target_member", Integer.class)).isGreaterThan(PEOPLE);
            }
        }
    }

    private static JsonNode target(BridgeProcess bridge) throws Exception {
        return new ObjectMapper().readTree(bridge.get("/api/target"));
    }
}
