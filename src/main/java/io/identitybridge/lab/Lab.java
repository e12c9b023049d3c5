package io.identitybridge.lab;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.stereotype.Component;

/** The lab inside the bridge ({@code --lab}): people are pulled from a stand-in IdP and pushed by a stand-in client, so that both ways are seen at work. */
@Component
@ConditionalOnProperty("bridge.lab")
public class Lab {
    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);
    private static final int ALSO_PULLED = 3;

    private final StandInOkta okta;
    private final ConfigurableEnvironment environment;
    private final ObjectProvider<TokenMaker> tokens;
    private volatile Thread pushing;

    Lab(ConfigurableEnvironment environment, ObjectProvider<TokenMaker> tokens) throws IOException {
        String token = UUID.randomUUID().toString();
        this.okta = new StandInOkta(Company.usual(), token, 0);
        this.environment = environment;
        this.tokens = tokens;
        environment.getPropertySources().addLast(new MapPropertySource("lab", Map.of("lab.url", okta.url(), "lab.token", token)));
    }

    /** Where the stand-in IdP listens: faults are asked for there, at {@code /lab/faults}. */
    public String url() {
        return okta.url();
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        TokenMaker maker = tokens.getIfAvailable();
        String port = environment.getProperty("local.server.port");
        if (environment.containsProperty("server.ssl.bundle")) {
            LOG.info("the lab does not push: the public listener speaks TLS, and the stand-in knows no certificate");
        } else if (maker != null && port != null) {
            StandInPusher pusher = new StandInPusher("http://127.0.0.1:" + port + "/scim/v2/lab", maker.make("lab"));
            pushing = Thread.ofVirtual().name("lab-pusher").start(() -> push(pusher));
        }
    }

    private void push(StandInPusher pusher) {
        try {
            Thread.sleep(2_000);
            pusher.push(okta.company().people("", ALSO_PULLED));
            for (int round = 1; !Thread.currentThread().isInterrupted(); round++) {
                Thread.sleep(60_000);
                pusher.touch(round);
            }
        } catch (IOException e) {
            LOG.warn("the lab's pusher stops: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @PreDestroy
    void stop() {
        if (pushing != null) {
            pushing.interrupt();
        }
        okta.close();
    }
}
