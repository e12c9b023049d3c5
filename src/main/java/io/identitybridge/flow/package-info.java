/** The named steps that route files use: the only glue between Camel routes and the rest. */
package io.identitybridge.flow;
