/** Speaks SCIM 2.0 to an IdP and turns each push into a delta. */
package io.identitybridge.scim;
