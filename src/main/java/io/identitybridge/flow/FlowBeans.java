package io.identitybridge.flow;

import io.identitybridge.source.CamelFetch;
import io.identitybridge.source.Fetch;
import org.apache.camel.CamelContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What the flow needs of the outside. */
@Configuration(proxyBeanMethods = false)
class FlowBeans {
    /** Calls to IdPs go out by Camel HTTP. */
    @Bean
    Fetch fetch(@Lazy CamelContext context) {
        return new CamelFetch(context);
    }
}
