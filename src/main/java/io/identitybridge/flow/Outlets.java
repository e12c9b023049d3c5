package io.identitybridge.flow;

import io.identitybridge.source.Settings;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Processor;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What route files send on by, with the credentials that belong into no route: webhooks are signed, mail and brokers are logged in to. */
@Configuration(proxyBeanMethods = false)
class Outlets {
    private final Environment environment;

    Outlets(Environment environment) {
        this.environment = environment;
    }

    /** Signs the body for a webhook with {@code BRIDGE_WEBHOOK_SECRET}; without one it fails, and nothing goes out unsigned. */
    @Bean
    Processor sign() {
        return exchange -> {
            byte[] body = exchange.getMessage().getMandatoryBody(String.class).getBytes(StandardCharsets.UTF_8);
            String secret = setting("BRIDGE_WEBHOOK_SECRET").orElseThrow(() -> new IllegalStateException("step 'sign' needs BRIDGE_WEBHOOK_SECRET (or BRIDGE_WEBHOOK_SECRET_FILE)"));
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("Content-Type", "application/json");
            exchange.getMessage().setHeader(Signature.HEADER, Signature.of(secret, Instant.now(), body));
        };
    }

    @Bean
    MailComponent smtp() {
        return mail();
    }

    @Bean
    MailComponent smtps() {
        return mail();
    }

    /** Servers that want a login get {@code BRIDGE_SMTP_USER} and {@code BRIDGE_SMTP_PASSWORD}; the host stands in the route. */
    private MailComponent mail() {
        MailConfiguration configuration = new MailConfiguration();
        setting("BRIDGE_SMTP_USER").ifPresent(configuration::setUsername);
        setting("BRIDGE_SMTP_PASSWORD").ifPresent(configuration::setPassword);
        MailComponent mail = new MailComponent();
        mail.setConfiguration(configuration);
        return mail;
    }

    /** The broker at {@code BRIDGE_BROKER_URL} by AMQP 1.0 ({@code amqps://broker.corp.example:5671}); it is connected to for each message. */
    @Bean
    JmsComponent jms() {
        return JmsComponent.jmsComponent(setting("BRIDGE_BROKER_URL").map(this::broker).orElseGet(NoBroker::new));
    }

    private ConnectionFactory broker(String url) {
        return new JmsConnectionFactory(setting("BRIDGE_BROKER_USER").orElse(null), setting("BRIDGE_BROKER_PASSWORD").orElse(null), url);
    }

    private Optional<String> setting(String name) {
        return Settings.own(name, variable -> Optional.ofNullable(environment.getProperty(variable)));
    }

    /** Says what is missing where a route wants a broker. */
    private static final class NoBroker extends JmsConnectionFactory {
        @Override
        public Connection createConnection() {
            throw new IllegalStateException("component 'jms' needs BRIDGE_BROKER_URL");
        }
    }
}
