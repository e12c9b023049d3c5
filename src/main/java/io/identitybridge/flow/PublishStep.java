package io.identitybridge.flow;

import io.identitybridge.publish.Target;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The step of {@code routes/publish.camel.yaml}. */
@Configuration(proxyBeanMethods = false)
class PublishStep {
    /** Target {@code store} is the only one; the check of the files refuses another. */
    @Bean
    Processor publish() {
        return exchange -> exchange.getMessage().setBody(Target.STORE.converge());
    }
}
