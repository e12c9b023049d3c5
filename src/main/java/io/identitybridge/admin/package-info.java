/** The control plane: API, tokens, listeners. */
package io.identitybridge.admin;
