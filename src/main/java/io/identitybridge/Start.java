package io.identitybridge;

import io.identitybridge.admin.AccessTokenLife;
import io.identitybridge.admin.AdminToken;
import io.identitybridge.admin.Listeners;
import io.identitybridge.check.Check;
import io.identitybridge.files.FileCheck;
import io.identitybridge.lab.Lab;
import io.identitybridge.lab.TokenMaker;
import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import io.identitybridge.scim.ScimRate;
import io.identitybridge.store.TokenDesk;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** What joins packages that do not know each other, and the block at the end of a start. */
@Configuration(proxyBeanMethods = false)
class Start {
    private final Listeners listeners;
    private final AdminToken token;
    private final Situation situation;
    private final ObjectProvider<Lab> lab;
    private final boolean told;
    private final boolean json;

    Start(Listeners listeners, AdminToken token, Situation situation, ObjectProvider<Lab> lab, @Value("${bridge.welcome:true}") boolean told, @Value("${bridge.json:false}") boolean json) {
        this.listeners = listeners;
        this.token = token;
        this.situation = situation;
        this.lab = lab;
        this.told = told;
        this.json = json;
    }

    /** Nothing becomes active that has not passed its own tests. */
    @Bean
    static FileCheck fileCheck() {
        return new Check();
    }

    /** The lab's own pushes come with a token like anybody's; it ends by itself. */
    @Bean
    @ConditionalOnProperty("bridge.lab")
    static TokenMaker labTokens(TokenDesk desk) {
        return source -> desk.create(new SourceName(source), "the lab's stand-in pusher", Optional.of(Duration.ofDays(1)), "lab").secret();
    }

    /** A setting that is wrong ends the start before anything has begun. */
    @Bean
    static BeanFactoryPostProcessor settings(Environment environment) {
        return beans -> {
            AccessTokenLife.of(environment.getProperty("bridge.access.token.life", AccessTokenLife.DEFAULT));
            ScimRate.of(environment.getProperty("bridge.scim.rate", ScimRate.DEFAULT));
        };
    }

    @EventListener(ApplicationReadyEvent.class)
    @Order
    void ready() {
        if (!told) {
            return;
        }
        Welcome welcome = new Welcome(listeners.publicUrl(), listeners.adminUrl(), token.place(), Optional.ofNullable(lab.getIfAvailable()).map(Lab::url), situation.parts(), situation.faults());
        if (json) { // System.out may lead elsewhere by now
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
            out.println(welcome.json());
        } else {
            System.out.println(welcome.text());
        }
    }
}
