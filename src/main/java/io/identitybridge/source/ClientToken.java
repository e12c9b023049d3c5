package io.identitybridge.source;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A token by client credentials (RFC 6749, 4.4) or by an assertion (RFC 7523, 2.1): asked for when first needed, again when 80 % of its life are over, and once when it is refused. */
final class ClientToken implements Credentials {
    /** As messages name the request. */
    static final String WHAT = "token";
    private static final long LIFE_IF_UNTOLD = 300;
    private static final double USED = 0.8;

    private final TokenForm form;
    private final Tries tries;
    private final Clock clock;
    private final Faults faults;
    private final ReentrantLock door = new ReentrantLock();
    private Map<String, String> headers = Map.of();
    private Instant renewAt = Instant.MIN;

    ClientToken(TokenForm form, Tries tries, Clock clock, Faults faults) {
        this.form = form;
        this.tries = tries;
        this.clock = clock;
        this.faults = faults;
    }

    @Override
    public Map<String, String> headers() {
        door.lock();
        try {
            if (!clock.instant().isBefore(renewAt)) {
                ask();
            }
            return headers;
        } finally {
            door.unlock();
        }
    }

    @Override
    public boolean renewed(Map<String, String> refused) {
        door.lock();
        try {
            // A parallel call may have renewed it already: then that one is tried, and not a third one asked for.
            if (headers.equals(refused)) {
                ask();
            }
            return true;
        } finally {
            door.unlock();
        }
    }

    private void ask() {
        Answer answer = tries.send(WHAT, form::request);
        if (!answer.response().ok()) {
            throw faults.status(WHAT, form.url(), answer);
        }
        Object body = Json.lenient(answer.response().body()).orElse(Map.of());
        String token = Json.text(Json.at(body, "/access_token")).filter(t -> t.chars().allMatch(c -> c > 32 && c < 127))
            .orElseThrow(() -> faults.of("token: the answer from " + Faults.place(form.url()) + " has no access_token; look at token-url"));
        long life = Json.whole(Json.at(body, "/expires_in")).orElse(LIFE_IF_UNTOLD);
        headers = Map.of("Authorization", "Bearer " + token);
        renewAt = answer.askedAt().plus(Duration.ofMillis((long) (Math.min(life, Integer.MAX_VALUE) * 1000 * USED)));
    }
}
