package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the source, with its credentials, as often as its retry rule says. */
final class Calls {
    private static final String ACCEPT = "application/json, application/scim+json;q=0.9";

    private final Tries tries;
    private final Credentials credentials;

    Calls(SourceFile file, Settings settings, Addresses addresses, Fetch fetch, Pause pause, Clock clock, Limits limits, Faults faults) {
        Waits waits = new Waits(file.retry(), limits.longestWait(), clock);
        this.tries = new Tries(fetch, pause, clock, file.retry(), waits, new Bucket(file.budget(), waits, pause), faults);
        // The token endpoint has a rate bucket of its own.
        Tries forTokens = new Tries(fetch, pause, clock, file.retry(), waits, new Bucket(Optional.empty(), waits, pause), faults);
        this.credentials = switch (settings.way(file.auth())) {
            case Auth.ClientCredentials client -> new ClientToken(TokenForm.of(client, settings, addresses, clock, faults), forTokens, clock, faults);
            case Auth.JwtBearer bearer -> new ClientToken(TokenForm.of(bearer, settings, addresses, clock, faults), forTokens, clock, faults);
            case Auth other -> Credentials.fixed(other, settings, faults);
        };
    }

    /** The answer in the end, whatever its status. {@code what} names the request for people: {@code users: page 3}. */
    Answer get(String what, URI url) {
        Map<String, String> used = new LinkedHashMap<>();
        Answer answer = tries.send(what, () -> request(url, used));
        if (answer.response().status() == 401 && credentials.renewed(used)) {
            return tries.send(what, () -> request(url, used));
        }
        return answer;
    }

    private Request request(URI url, Map<String, String> used) {
        used.clear();
        used.putAll(credentials.headers());
        Map<String, String> headers = new LinkedHashMap<>(used);
        headers.putIfAbsent("Accept", ACCEPT);
        return Request.get(url, headers);
    }
}
