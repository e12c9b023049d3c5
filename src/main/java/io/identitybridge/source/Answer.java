package io.identitybridge.source;

import java.time.Instant;

/**
 * The answer that came in the end.
 *
 * @param askedAt when the request was sent that it answers
 * @param tries   how many requests it took
 */
record Answer(Response response, Instant askedAt, int tries) {
}
