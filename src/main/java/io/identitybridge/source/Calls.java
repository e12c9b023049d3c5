package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the source, with its credentials, as often as its retry rule says. */
final class Calls {
    private static final String ACCEPT = "application/json, application/scim+json;q=0.9";

    private final Tries tries;
    private final Buckets buckets;
    private final Credentials credentials;
    private Optional<Duration> ahead = Optional.empty();

    Calls(SourceFile file, Settings settings, Addresses addresses, Fetch fetch, Pause pause, Clock clock, Limits limits, Faults faults) {
        Waits waits = new Waits(file.retry(), limits.longestWait(), clock);
        this.tries = new Tries(fetch, pause, clock, file.retry(), waits, faults);
        this.buckets = new Buckets(file, addresses.basePath(), () -> new Bucket(file.budget(), waits, pause, clock));
        // The token endpoint has a rate bucket of its own.
        Bucket forTokens = new Bucket(Optional.empty(), waits, pause, clock);
        this.credentials = switch (settings.way(file.auth())) {
            case Auth.ClientCredentials client -> new ClientToken(TokenForm.of(client, settings, addresses, clock, faults), tries, forTokens, clock, faults);
            case Auth.JwtBearer bearer -> new ClientToken(TokenForm.of(bearer, settings, addresses, clock, faults), tries, forTokens, clock, faults);
            case Auth other -> Credentials.fixed(other, settings, faults);
        };
    }

    /** The answer in the end, whatever its status. {@code what} names the request for people: {@code users: page 3}. */
    Answer get(String what, URI url) {
        Map<String, String> used = new LinkedHashMap<>();
        Answer answer = tries.send(what, buckets.of(url), () -> request(url, used));
        if (answer.response().status() == 401 && credentials.renewed(used)) {
            answer = tries.send(what, buckets.of(url), () -> request(url, used));
        }
        Answer last = answer;
        Waits.date(last.response()).map(theirs -> Duration.between(last.askedAt(), theirs)).ifPresent(this::told);
        return last;
    }

    /** The way of an answer only adds to how much their clock seems ahead, so the least of all answers is nearest. */
    private synchronized void told(Duration seems) {
        ahead = ahead.filter(least -> least.compareTo(seems) <= 0).or(() -> Optional.of(seems));
    }

    /** How much the source's clock is ahead of ours (behind: negative), within a second or so; zero where no answer told its time. */
    synchronized Duration ahead() {
        return ahead.orElse(Duration.ZERO);
    }

    /** What is left of the source's rate buckets, by kind of address, as far as answers said it. */
    Map<String, RateLeft> left() {
        return buckets.left();
    }

    private Request request(URI url, Map<String, String> used) {
        used.clear();
        used.putAll(credentials.headers());
        Map<String, String> headers = new LinkedHashMap<>(used);
        headers.putIfAbsent("Accept", ACCEPT);
        return Request.get(url, headers);
    }
}
