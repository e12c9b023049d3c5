package io.identitybridge.admin;

import io.identitybridge.store.Allowance;
import java.time.Duration;

/** How often a token may be asked for: five times a second a client, counted apart for who knows a secret and who does not, so that guessing keeps no client out. */
final class TokenPace {
    private static final int PER_SECOND = 5;
    private static final int PER_SECOND_AND_ADDRESS = 25;

    private final Allowance clients = Allowance.ofSources(PER_SECOND);
    private final Allowance guessed = Allowance.ofStrangers(PER_SECOND);
    private final Allowance addresses = Allowance.ofStrangers(PER_SECOND_AND_ADDRESS);

    /** A client that has shown its secret. */
    void known(String client) {
        clients.take(client).ifPresent(TokenPace::slow);
    }

    /** Somebody who said to be that client. */
    void unknown(String client, String address) {
        guessed.take(client).or(() -> addresses.take(Allowance.network(address))).ifPresent(TokenPace::slow);
    }

    private static void slow(Duration wait) {
        throw new OAuthErrors.TooFast(wait);
    }
}
