package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Retry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends a request again while its answer says so, and after each broken connection: {@code attempts} times in all. */
final class Tries {
    private final Fetch fetch;
    private final Pause pause;
    private final Clock clock;
    private final Retry retry;
    private final Waits waits;
    private final Bucket bucket;
    private final Faults faults;

    Tries(Fetch fetch, Pause pause, Clock clock, Retry retry, Waits waits, Bucket bucket, Faults faults) {
        this.fetch = fetch;
        this.pause = pause;
        this.clock = clock;
        this.retry = retry;
        this.waits = waits;
        this.bucket = bucket;
        this.faults = faults;
    }

    /** The last answer, whatever its status; {@link SourceUnavailable} if none came at all. */
    Answer send(String what, Supplier<Request> request) {
        try {
            for (int tries = 1; ; tries++) {
                bucket.enter();
                Optional<Answer> answer = once(what, request.get(), tries);
                if (answer.filter(this::isLast).isPresent()) {
                    return answer.get();
                }
                int done = tries;
                pause.sleep(answer.map(again -> waits.after(again.response(), done)).orElseGet(() -> waits.after(done)));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw faults.of(what + ": stopped before it was answered");
        }
    }

    private boolean isLast(Answer answer) {
        return answer.tries() >= retry.attempts() || !retry.statuses().contains(answer.response().status()) && !saysAgain(answer.response());
    }

    /** Google says 403 both for a quota and for a missing right: its reason tells which (developers.google.com/admin-sdk/directory/v1/limits). */
    private boolean saysAgain(Response response) {
        return response.status() >= 400 && !retry.codes().isEmpty() && Faults.code(response).filter(retry.codes()::contains).isPresent();
    }

    /** Empty where no answer came and another try is allowed. */
    private Optional<Answer> once(String what, Request request, int tries) {
        try {
            Instant askedAt = clock.instant();
            Response response = fetch.send(request);
            bucket.learn(response);
            return Optional.of(new Answer(response, askedAt, tries));
        } catch (Fetch.BodyTooLarge tooLarge) {
            throw faults.of(what + ": " + tooLarge.getMessage());
        } catch (IOException broken) {
            if (tries >= retry.attempts()) {
                throw faults.of(what + ": no answer from " + Faults.place(request.url()) + " after " + tries
                    + " tries (" + broken.getClass().getSimpleName() + "); is it reachable from here?");
            }
            return Optional.empty();
        }
    }
}
