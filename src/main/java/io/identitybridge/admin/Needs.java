package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The role that an endpoint needs. Without it a GET is anybody's who is let in, and everything else the admin token's alone. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Needs {
    OperatorRole value();
}
