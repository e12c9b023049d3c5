/** What the identity providers say, through mapping files, into Portkey's membership: one package a step. */
package io.identitybridge;
