/** The words of the bridge; plain Java, no framework. Every step speaks in these. */
package io.identitybridge.model;
