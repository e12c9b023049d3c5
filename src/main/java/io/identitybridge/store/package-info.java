/** Directory, membership, letters, cursors, outbox, audit: one PostgreSQL, one shape of commit. */
package io.identitybridge.store;
