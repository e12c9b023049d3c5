/** Stand-in IdPs with faults, for trying the bridge without a tenant. */
package io.identitybridge.lab;
