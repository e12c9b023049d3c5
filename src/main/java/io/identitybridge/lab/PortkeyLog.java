package io.identitybridge.lab;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Every write that came through to the state, in the order in which it took effect, refused ones too; whether its answer arrived is another matter.
 * A deed names its key: a person's e-mail or a workspace's name.
 */
public final class PortkeyLog {
    private final List<Write> writes = new ArrayList<>();

    /** What a write did: the sentence, and whom or what it is about. */
    public record Deed(String key, String sentence) {
    }

    /**
     * @param number counts from 1, in the order of effect
     * @param path   below the API's base, as {@code /admin/users/invites} or {@code /Users}
     * @param body   as it came, "" if none
     * @param status what was answered, or would have been if the answer had not been lost on request
     */
    public record Write(long number, Instant at, String method, String path, String body, int status, List<Deed> deeds) {
        /** The sentences alone. */
        public List<String> sentences() {
            return deeds.stream().map(Deed::sentence).toList();
        }
    }

    synchronized void add(String method, String path, String body, int status, List<Deed> deeds) {
        writes.add(new Write(writes.size() + 1, Instant.now(), method, path, body, status, deeds));
    }

    public synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    /** The writes that changed something about a person (by e-mail, without case) or a workspace (by name). */
    public synchronized List<Write> of(String key) {
        return writes.stream().filter(write -> write.deeds().stream().anyMatch(deed -> deed.key().equalsIgnoreCase(key))).toList();
    }

    /** All that was done about a key, in order. */
    public List<String> deeds(String key) {
        return of(key).stream().flatMap(write -> write.deeds().stream()).filter(deed -> deed.key().equalsIgnoreCase(key)).map(Deed::sentence).toList();
    }

    /** All that was done, in order. */
    public List<String> deeds() {
        return writes().stream().flatMap(write -> write.sentences().stream()).toList();
    }

    /** Writes answered with one of these statuses. */
    public synchronized List<Write> answered(Set<Integer> statuses) {
        return writes.stream().filter(write -> statuses.contains(write.status())).toList();
    }

    /** Forgets what was, so that a test can look at what comes. */
    public synchronized void clear() {
        writes.clear();
    }
}
