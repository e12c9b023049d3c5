package io.identitybridge.scim;

import io.identitybridge.model.BadSetting;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Allowance;

/** How many requests a second this bridge takes: 10,000 of each source, and 25 with a bad token or none of each address; more is answered 429 with {@code Retry-After}. */
public final class ScimRate {
    public static final String DEFAULT = "10000";
    private static final int LOWEST = 25;
    private static final int HIGHEST = 1_000_000;
    private static final int BAD_TOKENS = 25;

    private final int perSecond;
    private final Allowance sources;
    private final Allowance strangers = Allowance.ofStrangers(BAD_TOKENS);

    private ScimRate(int perSecond) {
        this.perSecond = perSecond;
        this.sources = Allowance.ofSources(perSecond);
    }

    /** @param said a whole number, what {@code BRIDGE_SCIM_RATE} says */
    public static ScimRate of(String said) {
        String number = said.strip();
        int rate = number.matches("[0-9]{1,7}") ? Integer.parseInt(number) : 0;
        if (rate < LOWEST || rate > HIGHEST) {
            throw new BadSetting("BRIDGE_SCIM_RATE", said, "Set it to how many SCIM requests a second this bridge takes of each source, from " + LOWEST + " to " + HIGHEST + "; without it, it is " + DEFAULT + ".");
        }
        return new ScimRate(rate);
    }

    /** Counts a request whose token is known, so that nobody else can use up what the source may send. */
    void known(SourceName source) {
        sources.take(source).ifPresent(wait -> {
            throw ScimError.tooFast("this source sends more than " + perSecond + " requests a second; the answer says in Retry-After when to go on", wait);
        });
    }

    /** Counts a request without a token that is ours, for the address it came from. */
    void stranger(ScimRequest request) {
        strangers.take(Allowance.network(request.remote())).ifPresent(wait -> {
            throw ScimError.tooFast("too many requests with a bad token or none come from this address", wait);
        });
    }
}
