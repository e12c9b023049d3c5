package io.identitybridge.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Causes;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Quoted;
import io.identitybridge.model.Reaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Sends calls, tries the transient ones again at once, and says what their failures come to by {@code routes/errors.causes.yaml}. */
final class Calls {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_SAID = 300;
    static final int FORBIDDEN = 403;
    private static final int LONGEST_CODE = 40;

    private final Http http;
    private final Causes causes;
    private final Budget budget;
    private final BooleanSupplier late;
    private volatile boolean called;

    /**
     * @param budget what all bridges share
     * @param late   whether no call may begin any more: the key's lease is nearly over, or the target is not written to now
     */
    Calls(Http http, Causes causes, Budget budget, BooleanSupplier late) {
        this.http = http;
        this.causes = causes;
        this.budget = budget;
        this.late = late;
    }

    /** What all bridges share. */
    interface Budget {
        /** Waits for one call of it. */
        void take();

        /** Portkey asks to be left alone for so long. */
        void rest(Duration wait);
    }

    Calls until(BooleanSupplier over) {
        return new Calls(http, causes, budget, over);
    }

    /** The same, of which is known by itself whether anything was {@link #asked}. */
    Calls apart() {
        return until(late);
    }

    /** Whether any call went out: else nothing was heard of the target's health. */
    boolean asked() {
        return called;
    }

    /** How a call ended that was not a fault. */
    sealed interface Result {
        record Ok(JsonNode body) implements Result {
        }

        /** What it was about is not there any more, by an answer of this status; 0: by none. */
        record Gone(int status) implements Result {
        }

        /** What was to be made is there. */
        record Exists() implements Result {
        }
    }

    /** The body of an answer that must come; {@link TargetFault} where it does not, or where what is asked for is gone. */
    JsonNode read(Ask ask) {
        return switch (send(ask)) {
            case Result.Ok ok -> ok.body();
            case Result.Gone gone -> throw new TargetFault(Cause.BUG, ask.kind(), ask.kind() + " answers that it is not there: look at the address of the target", false, Optional.empty());
            case Result.Exists exists -> throw new TargetFault(Cause.BUG, ask.kind(), ask.kind() + " answers 409 to a reading", false, Optional.empty());
        };
    }

    /**
     * Ends something, or asks for what is to be there. That it is not there is believed where it is not {@code shown} either: a right that is missing (403) and a gateway's page (404) say the same, and end nobody's access.
     * {@link TargetFault} where it is shown still.
     */
    Result end(Ask ask, BooleanSupplier shown) {
        return believed(ask, send(ask), shown);
    }

    /** Likewise, of a call that was sent. */
    Result believed(Ask ask, Result result, BooleanSupplier shown) {
        if (result instanceof Result.Gone gone && shown.getAsBoolean()) {
            throw new TargetFault(gone.status() == FORBIDDEN ? Cause.AUTH : Cause.TARGET_POISON, ask.kind(), ask.kind() + ": " + gone.status() + ", as if it were not there, and Portkey shows it still: "
                    + (gone.status() == FORBIDDEN ? "a right is missing" : "look at the target's address, and at a proxy between"), false, Optional.empty());
        }
        return result;
    }

    /**
     * Sends something about somebody, or a workspace, that may be gone meanwhile. 403 says so as well as that a right is missing (PORTKEY rule 28): what is not {@code shown} either is gone, and
     * is asked for afresh, and one person removed by hand stops nothing for the others.
     */
    Result about(Ask ask, BooleanSupplier shown) {
        try {
            return send(ask);
        } catch (TargetFault fault) {
            if (!fault.forbids() || shown.getAsBoolean()) {
                throw fault;
            }
            throw new TargetFault(Cause.DEPENDENCY, ask.kind(), ask.kind() + ": " + FORBIDDEN + ", and what it is about is not at Portkey any more", true, Optional.empty());
        }
    }

    Result send(Ask ask) {
        boolean lost = false;
        for (int failed = 1; ; failed++) {
            notLate(lost); // what is not sent costs the others nothing
            budget.take();
            notLate(lost);
            Optional<Duration> asked = Optional.empty();
            Failure failure;
            String said;
            boolean doubt;
            long begin = System.nanoTime();
            called = true;
            try {
                Answer answer = http.send(ask);
                if (answer.ok() && answer.isPage()) { // a gateway's: nothing was done, and nobody has left by it
                    throw new PageInstead();
                }
                PublishMeters.called(ask, answer.status(), Duration.ofNanos(System.nanoTime() - begin));
                if (answer.ok()) {
                    return new Result.Ok(json(answer.body()));
                }
                asked = answer.retryAfter();
                doubt = answer.status() >= 500;
                failure = Failure.answered(Failure.Where.TARGET, ask.call(), ask.departed(), answer.status(), code(answer.body()), answer.body());
                said = answer.status() + said(answer.body());
            } catch (IOException broken) {
                PublishMeters.called(ask, 0, Duration.ofNanos(System.nanoTime() - begin));
                doubt = true;
                failure = Failure.thrown(Failure.Where.TARGET, ask.call(), broken);
                said = "no answer (" + (broken instanceof PageInstead ? "a page for a browser in its place" : broken.getClass().getSimpleName()) + ")";
            }
            switch (causes.of(failure)) {
                case Causes.Outcome.Gone gone -> {
                    return new Result.Gone(failure.status().orElse(0));
                }
                case Causes.Outcome.Exists exists -> {
                    return new Result.Exists();
                }
                case Causes.Outcome.Failed outcome -> {
                    lost |= doubt && !ask.method().equals("GET");
                    again(ask, failure, outcome.cause(), failed, asked.filter(wait -> outcome.cause() == Cause.TRANSIENT), said, lost); // what is refused for good is no less refused for a header
                }
            }
        }
    }

    /** A page for a browser came where Portkey's answer should be. */
    private static final class PageInstead extends IOException {
    }

    private void notLate(boolean lost) {
        if (late.getAsBoolean()) {
            throw new TargetFault.TooLate(lost);
        }
    }

    /** Waits for the next short try, or throws. */
    private void again(Ask ask, Failure failure, Cause cause, int failed, Optional<Duration> asked, String said, boolean doubt) {
        Reaction reaction = causes.reaction(cause);
        boolean untried = doubt && (ask.call() == Failure.Call.CREATE || ask.method().equals("PUT")); // what may have been made is looked for first, and a role that is set already is refused
        Optional<Duration> wait = untried ? Optional.empty() : reaction.shortTry(failed, ThreadLocalRandom.current().nextDouble());
        asked.ifPresent(budget::rest);
        if (wait.isEmpty() || asked.isPresent()) {
            throw new TargetFault(cause, ask.kind(), ask.kind() + ": " + said, doubt, asked, untried, Optional.of(failure));
        }
        try {
            Thread.sleep(wait.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetFault(Cause.TRANSIENT, ask.kind(), ask.kind() + ": the bridge ends", doubt, Optional.empty());
        }
    }

    private static JsonNode json(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // a proxy's page: whoever needs a field says so
        }
    }

    private static Optional<String> code(String body) {
        JsonNode json = json(body);
        return Optional.ofNullable(json.path("data").path("errorCode").textValue()).or(() -> Optional.ofNullable(json.path("scimType").textValue()));
    }

    /** What the answer says, without what it may quote: letters of one cause share it. */
    private static String said(String body) {
        JsonNode json = json(body);
        String message = Optional.ofNullable(json.path("data").path("message").textValue()).or(() -> Optional.ofNullable(json.path("detail").textValue())).orElse("");
        String code = code(body).map(some -> " " + Quoted.sentence(some, LONGEST_CODE)).orElse("");
        String plain = Quoted.sentence(message, LONGEST_SAID);
        return code + (plain.isEmpty() ? "" : ": " + plain);
    }
}
