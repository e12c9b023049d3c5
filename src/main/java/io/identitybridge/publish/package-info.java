/** Makes a Portkey control plane equal to the membership store. */
package io.identitybridge.publish;
