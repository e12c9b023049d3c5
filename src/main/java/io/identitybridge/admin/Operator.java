package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Who acts through the API: the holder of the admin token, called {@code operator}, who may do everything, or a named one with roles.
 *
 * @param first whether it is the holder of the admin token: only he makes and revokes others
 */
record Operator(String name, Set<OperatorRole> roles, boolean first) {
    static final Operator FIRST = new Operator("operator", EnumSet.allOf(OperatorRole.class), true);
    private static final String ATTRIBUTE = Operator.class.getName();

    /** From here on the request is this one's. */
    void signs(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Whoever sent the request that is answered now; a request that nobody signed never comes this far. */
    static Operator now() {
        return (Operator) RequestContextHolder.currentRequestAttributes().getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    }

    /** His name, for the audit. */
    static String actor() {
        return now().name();
    }

    /** {@link Forbidden} where he has not this role. */
    void needs(OperatorRole role) {
        if (role != OperatorRole.VIEWER && !roles.contains(role)) {
            throw new Forbidden("this needs the role " + role + "; " + name + " is " + roles.stream().sorted().map(OperatorRole::toString).collect(Collectors.joining(", ")));
        }
    }

    /** {@link Forbidden} for everybody but the holder of the admin token. */
    void needsToBeFirst() {
        if (!first) {
            throw new Forbidden("only the holder of the admin token may do this; " + name + " is a named operator");
        }
    }

    /** 403, with the role that is lacking. */
    static final class Forbidden extends RuntimeException {
        Forbidden(String why) {
            super(why);
        }
    }
}
