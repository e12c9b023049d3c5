/** Reads an IdP as its source file says, and gives one batch or nothing. */
package io.identitybridge.source;
