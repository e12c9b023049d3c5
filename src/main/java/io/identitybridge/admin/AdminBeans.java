package io.identitybridge.admin;

import io.identitybridge.store.Operators;
import io.identitybridge.store.RequestLog;
import io.identitybridge.store.Tokens;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import jakarta.servlet.Filter;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Wires listeners, token and filters; filters in the order in which they see a request. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class AdminBeans {
    private static final String CREATED = "bridge.dead.letters.created";

    @Bean
    static WholeBundles wholeBundles() {
        return new WholeBundles();
    }

    @Bean
    AdminToken adminToken(@Value("${bridge.admin.token:}") String given, @Value("${bridge.data:data}") Path data) {
        return AdminToken.of(given, data);
    }

    @Bean
    Listeners listeners(@Value("${bridge.admin.port:8081}") int port, @Value("${bridge.admin.address:127.0.0.1}") String address) throws UnknownHostException {
        return new Listeners(port, address);
    }

    @Bean
    FilterRegistrationBean<Filter> listenerFilter(Listeners listeners) {
        return filter(new ListenerFilter(listeners), "/*", 0);
    }

    @Bean
    FilterRegistrationBean<Filter> tokenFilter(AdminToken token, Operators operators) {
        return filter(new TokenFilter(token, operators), "/*", 1);
    }

    /** Meters that are counted in the database are counted when somebody asks. */
    @Bean
    FilterRegistrationBean<Filter> meterFilter(Meters meters) {
        return filter((request, response, chain) -> {
            meters.refresh();
            chain.doFilter(request, response);
        }, "/actuator/prometheus", 2);
    }

    /** Micrometer takes the ending {@code _created} off a name, which only OpenMetrics keeps for itself: SAFETY section 6 has one counter that is called so. */
    @Bean
    MeterRegistryCustomizer<PrometheusMeterRegistry> meterNames() {
        return registry -> registry.config().namingConvention(new PrometheusNamingConvention() {
            @Override
            public String name(String name, Meter.Type type, String unit) {
                return name.equals(CREATED) ? CREATED.replace('.', '_') : super.name(name, type, unit);
            }
        });
    }

    @Bean
    FilterRegistrationBean<Filter> tokenLog(RequestLog requests) {
        return filter(new TokenLog(requests), TokenEndpoint.PATH, 1);
    }

    @Bean
    FilterRegistrationBean<Filter> tokenForm() {
        return filter(new TokenForm(), TokenEndpoint.PATH, 2);
    }

    @Bean
    FilterRegistrationBean<Filter> tokenEndpoint(Tokens tokens, @Value("${bridge.access.token.life:" + AccessTokenLife.DEFAULT + "}") String life) {
        return filter(new TokenEndpoint(tokens, AccessTokenLife.of(life)), TokenEndpoint.PATH, 3);
    }

    private static FilterRegistrationBean<Filter> filter(Filter filter, String pattern, int after) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns(pattern);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + after);
        return registration;
    }
}
