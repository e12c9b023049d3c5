package io.identitybridge.admin;

import io.identitybridge.model.Controls;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import io.identitybridge.model.LetterControls;
import io.identitybridge.model.OverrideControls;
import io.identitybridge.model.PeopleControls;
import io.identitybridge.model.TargetControls;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stands where the flow does, at the rim: writes down what it was told, and refuses when told to. */
public final class RecordingControls implements Controls, PeopleControls, LetterControls, OverrideControls, TargetControls {
    public static final UUID RUN = new UUID(7, 7);

    public long replay = 1;
    public final List<String> told = new ArrayList<>();
    public Optional<String> refusal = Optional.empty();
    public List<FileFault> faults = List.of();
    public Preview preview = new Preview(List.of(), List.of(), List.of(), 0);

    /** As before the first test. */
    public void forget() {
        told.clear();
        refusal = Optional.empty();
        faults = List.of();
        preview = new Preview(List.of(), List.of(), List.of(), 0);
    }

    @Override
    public UUID pull(SourceName source, boolean full, String actor) {
        note("pull " + source + (full ? " full" : "") + " by " + actor);
        return RUN;
    }

    @Override
    public UUID acceptShrink(SourceName source, String why, String actor) {
        note("pull " + source + " full by " + actor + ", accepted: " + why);
        return RUN;
    }

    @Override
    public Preview preview(SourceName source, Optional<String> mapping) {
        note("preview " + source + mapping.map(text -> " with " + text).orElse(""));
        return preview;
    }

    @Override
    public List<String> approve(long plan, List<Integer> only, Optional<String> hash, String actor) {
        note("approve " + plan + " " + only + " of " + hash.orElse("any") + " by " + actor);
        return List.of("archive user ada@acme.com: applied");
    }

    @Override
    public List<String> reject(long plan, List<Integer> only, String actor, String reason) {
        note("reject " + plan + " " + only + " by " + actor + ": " + reason);
        return List.of("archive user ada@acme.com: rejected");
    }

    @Override
    public List<String> replay(List<Long> letters, String actor) {
        note("replay " + letters + " by " + actor);
        return List.of("1 closed");
    }

    @Override
    public long replay(Order order, String actor) {
        note("replay " + order.filter().source().orElse("all") + " " + order.mode() + " at " + order.rate().map(String::valueOf).orElse("any rate") + (order.forced() ? " forced" : "") + " by " + actor);
        return replay;
    }

    @Override
    public void stopReplay(long id, String actor) {
        note("stop replay " + id + " by " + actor);
    }

    @Override
    public Trial tried(Filter filter, String file, String draft) {
        note("try " + file + " with " + draft);
        return new Trial(44, 41, java.util.Map.of("email: no value", 3L), AtPortkey.none());
    }

    @Override
    public int replaysAllowed() {
        return 5;
    }

    @Override
    public List<String> override(SourceName source, String account, Field field, String value, String reason, java.time.Instant until, String actor) {
        note("override " + field + " of " + account + " at " + source + " by " + actor + ": " + reason);
        return List.of("override 1 until " + until);
    }

    @Override
    public List<String> endOverride(long id, String reason, String actor) {
        note("end override " + id + " by " + actor + ": " + reason);
        return List.of("update user ada@acme.com: displayName \"B\" -> \"A\"");
    }

    @Override
    public void pause(SourceName source, boolean paused, String actor) {
        note((paused ? "pause " : "resume ") + source + " by " + actor);
    }

    @Override
    public String release(SourceName source, String actor) {
        note("release " + source + " by " + actor);
        return "3 people, held as plan 9";
    }

    @Override
    public String rollback(Optional<String> hash, String actor) {
        note("roll back to " + hash.orElse("the one before") + " by " + actor);
        return hash.orElse("abc122");
    }

    @Override
    public String activate(String actor) {
        note("activate by " + actor);
        if (!faults.isEmpty()) {
            throw new FileFaults(faults);
        }
        return "abc123";
    }

    @Override
    public List<String> revoke(String person, String reason, String actor) {
        return done("revoke " + person, reason, actor);
    }

    @Override
    public List<String> forget(String person, String reason, String actor) {
        return done("forget " + person, reason, actor);
    }

    @Override
    public List<String> lift(String person, String reason, String actor) {
        return done("lift " + person, reason, actor);
    }

    @Override
    public List<String> link(SourceName source, String account, String person, String reason, String actor) {
        return done("link " + source + " " + account + " to " + person, reason, actor);
    }

    @Override
    public List<String> unlink(SourceName source, String account, String reason, String actor) {
        return done("unlink " + source + " " + account, reason, actor);
    }

    @Override
    public List<String> anchor(SourceName source, String account, String id, String reason, String actor) {
        return done("re-anchor " + source + " " + account + " to " + id, reason, actor);
    }

    @Override
    public List<String> undo(long plan, String reason, String actor) {
        note("undo " + plan + " by " + actor + ": " + reason);
        return List.of("2 remove ada@acme.com from Sales: undone (add ada@acme.com to Sales as admin)", "1 create workspace Sales: cannot be undone: a workspace that was made stays");
    }

    @Override
    public String read(String actor) {
        note("read the target by " + actor);
        return "read and compared";
    }

    @Override
    public Optional<Long> adopt(String reason, String actor) {
        note("adopt by " + actor + ": " + reason);
        return Optional.of(7L);
    }

    @Override
    public void apply(String reason, boolean makes, String actor) {
        note("target apply by " + actor + ": " + reason);
    }

    @Override
    public List<Key> keys(String person) {
        note("target keys of " + person);
        return List.of(new Key("k1", "laptop", "ws-sales", "2026-01-01T00:00:00Z"));
    }

    @Override
    public List<String> revoke(String person, List<String> keys, String reason, String actor) {
        note("target revoke " + keys + " of " + person + " by " + actor + ": " + reason);
        return List.of("API key k1 is revoked");
    }

    @Override
    public List<String> unmap(String mapping, String reason, String actor) {
        note("target unmap " + mapping + " by " + actor + ": " + reason);
        return List.of("mapping " + mapping + " is ended");
    }

    @Override
    public void resume(String reason, String actor) {
        note("target resume by " + actor + ": " + reason);
    }

    @Override
    public void observe(String reason, String actor) {
        note("target observe by " + actor + ": " + reason);
    }

    @Override
    public List<String> bind(String workspace, String slug, String reason, String actor) {
        return done("bind " + workspace + " to " + slug, reason, actor);
    }

    @Override
    public List<String> invite(String person, String reason, String actor) {
        return done("invite " + person, reason, actor);
    }

    @Override
    public State state() {
        return new State("portkey-admin-api", Optional.of("https://portkey.acme.com/v1"), List.of());
    }

    private List<String> done(String what, String reason, String actor) {
        note(what + " by " + actor + ": " + reason);
        return List.of(what);
    }

    private void note(String what) {
        refusal.ifPresent(words -> {
            throw new Refused(words);
        });
        told.add(what);
    }
}
