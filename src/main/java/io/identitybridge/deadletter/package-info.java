/** Shows, groups, replays and drops what could not go on. */
package io.identitybridge.deadletter;
