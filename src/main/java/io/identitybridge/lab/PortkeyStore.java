package io.identitybridge.lab;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one state behind both APIs and its one lock: each call holds it from its first look to its last row, and never while it speaks to a client.
 * After a write, reads may be answered as if it had not been: for so many reads, or for so long.
 */
final class PortkeyStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final PortkeyState state = new PortkeyState();
    private final Set<PortkeyQuirk> quirks = EnumSet.of(PortkeyQuirk.MEMBER_ROW_DIFFERS, PortkeyQuirk.KEYS_ON_JOIN, PortkeyQuirk.LOGIN_PROVISIONS);
    private final PortkeyLog log = new PortkeyLog();
    private int seats = Integer.MAX_VALUE;
    private Lag lag = Lag.NONE;
    private PortkeyState before = state;
    private int staleReads;
    private long staleUntil;

    /** How far reads lag behind a write: so many reads, and so many milliseconds. */
    record Lag(int reads, int millis) {
        static final Lag NONE = new Lag(0, 0);

        boolean none() {
            return reads <= 0 && millis <= 0;
        }
    }

    PortkeyLog log() {
        return log;
    }

    void lag(Lag to) {
        locked(() -> lag = to);
    }

    void quirk(PortkeyQuirk quirk, boolean on) {
        locked(() -> on ? quirks.add(quirk) : quirks.remove(quirk));
    }

    void seats(int most) {
        locked(() -> seats = most);
    }

    PortkeyState copy() {
        return locked(state::copy);
    }

    <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    /** A read by a client, which may see the state before the last write. */
    Answer read(Function<PortkeyWrites, Answer> what) {
        return locked(() -> {
            boolean stale = staleReads > 0 || staleUntil != 0 && System.nanoTime() < staleUntil;
            if (staleReads > 0) {
                staleReads--;
            } else if (!stale) {
                before = state; // lets the copy go
            }
            return what.apply(new PortkeyWrites(stale ? before : state, Set.copyOf(quirks), seats));
        });
    }

    /** A write by a client: it sees the true state, and is logged with what it did or why it was refused. */
    Answer write(Call call, Lag ownLag, Function<PortkeyWrites, Answer> what) {
        return locked(() -> {
            begin(ownLag.none() ? lag : ownLag);
            PortkeyWrites writes = new PortkeyWrites(state, Set.copyOf(quirks), seats);
            try {
                Answer answer = what.apply(writes);
                log.add(call.method(), call.path(), call.text(), answer.status(), writes.deeds());
                return answer;
            } catch (Refusal refusal) {
                log.add(call.method(), call.path(), call.text(), refusal.status(), writes.deeds());
                throw refusal;
            }
        });
    }

    /** Something that happens in Portkey's own app; no client's write, and logged as method HAND. */
    <T> T byHand(String path, Function<PortkeyWrites, T> what) {
        return locked(() -> {
            PortkeyWrites writes = new PortkeyWrites(state, Set.copyOf(quirks), seats);
            T done = what.apply(writes);
            log.add("HAND", path, "", 0, writes.deeds());
            return done;
        });
    }

    private void begin(Lag now) {
        if (!now.none()) {
            before = state.copy();
            staleReads = now.reads();
            staleUntil = now.millis() > 0 ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(now.millis()) : 0;
        }
    }
}
