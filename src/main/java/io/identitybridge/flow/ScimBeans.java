package io.identitybridge.flow;

import io.identitybridge.scim.ScimServer;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.Tokens;
import org.apache.camel.component.servlet.CamelHttpTransportServlet;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** SCIM's way in: the servlet that {@code routes/scim-push.camel.yaml} listens on, and the server behind it. */
@Configuration(proxyBeanMethods = false)
class ScimBeans {
    /** Camel finds it by this name. */
    private static final String NAME = "CamelServlet";

    @Bean
    ServletRegistrationBean<CamelHttpTransportServlet> scimServlet() {
        ServletRegistrationBean<CamelHttpTransportServlet> servlet = new ServletRegistrationBean<>(new CamelHttpTransportServlet(), "/scim/*");
        servlet.setName(NAME);
        servlet.setLoadOnStartup(1);
        return servlet;
    }

    @Bean
    FilterRegistrationBean<ScimEdge> scimEdge() {
        FilterRegistrationBean<ScimEdge> edge = new FilterRegistrationBean<>(new ScimEdge());
        edge.addUrlPatterns("/scim/*");
        return edge;
    }

    @Bean
    ScimServer scimServer(ScimReads reads, Tokens tokens) {
        return new ScimServer(reads, tokens);
    }
}
