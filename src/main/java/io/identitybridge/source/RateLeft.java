package io.identitybridge.source;

/** What an IdP's last answer said of one rate bucket: of {@code limit} calls in its window (Okta: a minute), so many are {@code left}, for everybody who shares it. */
public record RateLeft(long limit, long left) {
}
