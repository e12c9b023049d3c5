package io.identitybridge.flow;

import io.identitybridge.source.CamelFetch;
import io.identitybridge.source.Fetch;
import io.identitybridge.source.Outgoing;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What the flow needs of the outside. */
@Configuration(proxyBeanMethods = false)
class FlowBeans {
    /** How calls leave this network, for all that call out. */
    @Bean
    Outgoing outgoing(@Value("${BRIDGE_PROXY:}") String proxy, @Value("${BRIDGE_NO_PROXY:}") String noProxy, @Value("${BRIDGE_CA_FILE:}") String caFile) {
        return Outgoing.of(proxy, noProxy, caFile);
    }

    /** Calls to IdPs go out by Camel HTTP. */
    @Bean
    Fetch fetch(@Lazy CamelContext context, Outgoing outgoing) {
        return new CamelFetch(context, outgoing);
    }

    /** Camel's starters give components as beans, which it would take before it asks {@link ListedComponents}. */
    @Bean
    static BeanDefinitionRegistryPostProcessor listedComponentsOnly() {
        return beans -> Stream.of(beans.getBeanDefinitionNames()).filter(name -> name.endsWith("-component") && ofAStarter(beans.getBeanDefinition(name))).forEach(beans::removeBeanDefinition);
    }

    private static boolean ofAStarter(BeanDefinition bean) {
        return bean instanceof AnnotatedBeanDefinition made && made.getFactoryMethodMetadata() != null && made.getFactoryMethodMetadata().getDeclaringClassName().startsWith("org.apache.camel.");
    }
}
