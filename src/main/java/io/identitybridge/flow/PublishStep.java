package io.identitybridge.flow;

import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of {@code routes/publish.camel.yaml}; each gives how many keys it saw to. */
@Configuration(proxyBeanMethods = false)
class PublishStep {
    @Bean
    Processor publish(Publishing publishing) {
        return exchange -> exchange.getMessage().setBody(publishing.publisher().map(publisher -> publisher.converge(false)).orElse(0));
    }

    /** The lane of those who left. */
    @Bean
    Processor publishLeavers(Publishing publishing) {
        return exchange -> exchange.getMessage().setBody(publishing.publisher().map(publisher -> publisher.converge(true)).orElse(0));
    }

    /** Reads all of Portkey and compares, where that is due (portkey.yaml: publish.read-every) or was asked for. */
    @Bean
    Processor readTarget(Publishing publishing) {
        return exchange -> {
            exchange.getMessage().setBody(publishing.read(false).isPresent() ? 1 : 0);
            publishing.lookAfterKeys();
        };
    }
}
