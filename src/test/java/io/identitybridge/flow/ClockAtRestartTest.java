package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.StandInOkta;
import io.identitybridge.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.quartz.Scheduler;
import org.slf4j.LoggerFactory;

@Isolated("it reads the log")
class ClockAtRestartTest {
    @TempDir
    Path folder;

    @Test
    void a_pull_that_fell_due_while_the_bridge_was_down_runs_once_it_is_up_and_not_before() throws Exception {
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Files.copy(Path.of("routes/lab-pull.camel.yaml"), files.routes.resolve("lab-pull.camel.yaml"));
        List<String> database = TestDatabase.freshAddress();
        ListAppender<ILoggingEvent> said = listening();
        try (StandInOkta okta = new StandInOkta(Company.of(5, 1, 1), "secret", 0)) {
            String[] settings = {"lab.url=" + okta.url(), "lab.token=secret", "spring.quartz.scheduler-name=restarted"};
            try (TestBridge bridge = TestBridge.start(database, files, folder, settings)) {
                waitFor(bridge, "select count(*) from run where status = 'done'", 1);
                bridge.bean(Scheduler.class).standby();
                bridge.sql.update("update run set actor = 'before' where actor = 'clock'");
                bridge.sql.update("update qrtz_triggers set next_fire_time = (extract(epoch from now()) * 1000)::bigint - 1000"); // due, and not yet a misfire
            }
            try (TestBridge bridge = TestBridge.start(database, files, folder, settings)) {
                waitFor(bridge, "select count(*) from run where status = 'done' and actor = 'clock'", 1);
                assertThat(bridge.bean(Scheduler.class).getMetaData().isJobStoreClustered()).isTrue();
                assertThat(bridge.bean(Scheduler.class).isStarted()).isTrue();
            }
        }
        assertThat(said.list.stream().map(ILoggingEvent::getFormattedMessage)).isEmpty();
    }

    private static ListAppender<ILoggingEvent> listening() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        ((Logger) LoggerFactory.getLogger("org.apache.camel.component.quartz.CamelJob")).addAppender(appender);
        return appender;
    }

    private static void waitFor(TestBridge bridge, String count, int least) {
        for (int i = 0; i < 600 && bridge.count(count) < least; i++) {
            TestBridge.pause(50);
        }
        assertThat(bridge.count(count)).isGreaterThanOrEqualTo(least);
    }
}
