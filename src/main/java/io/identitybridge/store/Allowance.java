package io.identitybridge.store;

import io.github.bucket4j.Bucket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** So many a second for each key in this process, in bursts of at most one second's worth. Taking one costs no lock and no look at the store. */
public final class Allowance {
    private static final int PLACES = 4096;

    private final int perSecond;
    private final boolean any;
    private final int salt = new SecureRandom().nextInt();
    private final Map<Object, Bucket> buckets = new ConcurrentHashMap<>();

    private Allowance(int perSecond, boolean any) {
        this.perSecond = perSecond;
        this.any = any;
    }

    /** For keys of our own, as many as there are sources: each has its own allowance. */
    public static Allowance ofSources(int perSecond) {
        return new Allowance(perSecond, false);
    }

    /** For keys that anybody can make up: 4,096 allowances that they share, by a hash that nobody outside can foresee. */
    public static Allowance ofStrangers(int perSecond) {
        return new Allowance(perSecond, true);
    }

    /** Takes one; if none is left, says how long until there is one again. */
    public Optional<Duration> take(Object key) {
        Object place = any ? place(key) : key;
        Bucket bucket = Optional.ofNullable(buckets.get(place)).orElseGet(() -> buckets.computeIfAbsent(place, first -> full()));
        return bucket.tryConsume(1) ? Optional.empty() : Optional.of(Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill()));
    }

    /** A wait as {@code Retry-After} says it: whole seconds, at least one. */
    public static String retryAfter(Duration wait) {
        return String.valueOf(Math.max(1, wait.plusNanos(TimeUnit.SECONDS.toNanos(1) - 1).toSeconds()));
    }

    /** Who an address stands for: itself in IPv4, the first four groups in IPv6, where one customer has all of the rest. */
    public static String network(String address) {
        String[] groups = address.split(":", 5);
        return groups.length < 5 ? address : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }

    int size() {
        return buckets.size();
    }

    private Integer place(Object key) {
        int mixed = (key.hashCode() ^ salt) * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & PLACES - 1;
    }

    private Bucket full() {
        return Bucket.builder().addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1))).build();
    }
}
