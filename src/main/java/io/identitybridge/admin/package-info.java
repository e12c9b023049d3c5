/** The control plane: API, tokens, the token endpoint, listeners. */
package io.identitybridge.admin;
