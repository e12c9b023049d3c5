/** Compares desired with current, and holds what is too much at once. Pure. */
package io.identitybridge.plan;
