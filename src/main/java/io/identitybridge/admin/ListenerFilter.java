package io.identitybridge.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Keeps the listeners apart: SCIM and the token endpoint on the public one only, everything else on the admin one only. The rest is 404, in the form its clients read. */
final class ListenerFilter extends OncePerRequestFilter {
    private static final String SCIM = "/scim/v2";

    private final Listeners listeners;

    ListenerFilter(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        String path = path(request);
        boolean open = path.equals(SCIM) || path.startsWith(SCIM + "/") || path.equals(TokenEndpoint.PATH);
        boolean admin = request.getLocalPort() == listeners.adminPort();
        if (open != admin) {
            chain.doFilter(request, response);
        } else if (admin) {
            Answers.problem(response, 404, "SCIM and the token endpoint are on the public listener, port " + listeners.publicPort());
        } else {
            Answers.scim(response, 404, "Nothing is here. The SCIM base URL is /scim/v2/{source}.");
        }
    }

    /** The path as Tomcat maps it, decoded and without {@code ..}: what the URI spells differently leads nowhere else. */
    static String path(HttpServletRequest request) {
        return request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    }
}
