package io.identitybridge.flow;

import io.identitybridge.scim.ScimRate;
import io.identitybridge.scim.ScimServer;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.Tokens;
import org.apache.camel.component.servlet.CamelHttpTransportServlet;
import org.apache.camel.component.servlet.ServletComponent;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** SCIM's way in: the servlet that {@code routes/scim-push.camel.yaml} listens on, and the server behind it. */
@Configuration(proxyBeanMethods = false)
class ScimBeans {
    /** The servlet's name is one of the whole JVM; two bridges in one need two. */
    private final String name;

    ScimBeans(@Value("${bridge.servlet:CamelServlet}") String name) {
        this.name = name;
    }

    /** Camel's component of {@code servlet:} endpoints. */
    @Bean("servlet-component")
    ServletComponent servletComponent() {
        ServletComponent component = new ServletComponent();
        component.setServletName(name);
        return component;
    }

    @Bean
    ServletRegistrationBean<CamelHttpTransportServlet> scimServlet() {
        ServletRegistrationBean<CamelHttpTransportServlet> servlet = new ServletRegistrationBean<>(new CamelHttpTransportServlet(), "/scim/*");
        servlet.setName(name);
        servlet.setLoadOnStartup(1);
        return servlet;
    }

    @Bean
    FilterRegistrationBean<ScimEdge> scimEdge(Gate gate, ScimLog log) {
        FilterRegistrationBean<ScimEdge> edge = new FilterRegistrationBean<>(new ScimEdge(gate, log));
        edge.addUrlPatterns("/scim/*");
        return edge;
    }

    @Bean
    ScimServer scimServer(ScimReads reads, Tokens tokens, ActiveFiles files, @Value("${bridge.scim.rate:" + ScimRate.DEFAULT + "}") String rate) {
        return new ScimServer(reads, tokens, ScimRate.of(rate), new MappedAnchors(files), () -> files.current().organisation().switches().userBasedMembership());
    }
}
