/** The commands; a client of the admin API where the bridge runs. */
package io.identitybridge.cli;
