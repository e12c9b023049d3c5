package io.identitybridge.flow;

import io.identitybridge.model.Controls;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.TargetControls;
import io.identitybridge.publish.LeaverKeys;
import io.identitybridge.publish.TargetFault;
import io.identitybridge.publish.WholeReading;
import io.identitybridge.store.Adoption;
import io.identitybridge.store.Creates;
import io.identitybridge.store.Journal;
import io.identitybridge.store.Named;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import io.identitybridge.store.TargetLeft;
import io.identitybridge.store.TargetReads;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** An operator's word on the live Portkey. */
@Component
class TargetOperations implements TargetControls {
    /** A hand-made grant is to be looked at again after so many days. */
    private static final int REVIEW_DAYS = 180;
    private static final int WAIT_SECONDS = 30;
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final int SHOWN = 20;

    private final Publishing publishing;
    private final PortkeySettings settings;
    private final TargetState state;
    private final TargetReads reads;
    private final TargetLeft left;
    private final Adoption adoption;
    private final Plans plans;
    private final Named named;
    private final Journal journal;
    private final ActiveFiles files;
    private final Runs runs;
    private final Tries tries;

    TargetOperations(Publishing publishing, PortkeySettings settings, TargetState state, TargetReads reads, TargetLeft left, Adoption adoption, Plans plans, Named named, Journal journal, ActiveFiles files, Runs runs, Tries tries) {
        this.publishing = publishing;
        this.settings = settings;
        this.state = state;
        this.reads = reads;
        this.left = left;
        this.adoption = adoption;
        this.plans = plans;
        this.named = named;
        this.journal = journal;
        this.files = files;
        this.runs = runs;
        this.tries = tries;
    }

    @Override
    public String read(String actor) {
        live();
        note(actor, "read the target");
        return now().map(TargetOperations::said).orElse("it is being read");
    }

    /** Reads all of it; empty where that takes longer than whoever asks waits. */
    private Optional<Optional<WholeReading.End>> now() {
        CompletableFuture<Optional<WholeReading.End>> end = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                end.complete(publishing.read(true));
            } catch (RuntimeException fault) {
                end.completeExceptionally(fault);
            }
        });
        try {
            return Optional.of(end.get(WAIT_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What somebody has just changed there by hand would be undone as drift, were it taken over as it was read before: it is read again, where that is long ago. */
    private void fresh() {
        if (state.now().readAt().filter(at -> at.isAfter(runs.now().minus(FRESH))).isPresent()) {
            return;
        }
        String said = now().map(TargetOperations::said).orElse("it is being read");
        if (state.now().readAt().filter(at -> at.isAfter(runs.now().minus(FRESH))).isEmpty()) {
            throw new Controls.Refused("Portkey was read more than " + FRESH.toMinutes() + " minutes ago, and what has been changed there by hand since is not to be lost. It is read first: " + said + ". Approve again after that");
        }
    }

    private static String said(Optional<WholeReading.End> end) {
        return switch (end.orElse(new WholeReading.End.Later())) {
            case WholeReading.End.Read read -> "read and compared";
            case WholeReading.End.Later later -> "another reading goes on, or Portkey lets nobody in or asks to be left alone: it is read as soon as that is over";
            case WholeReading.End.Failed failed -> "not read, and nothing follows from it: " + failed.why();
        };
    }

    @Override
    public Optional<Long> adopt(String reason, String actor) {
        known();
        Optional<Long> plan = tries.of(() -> adoption.propose(reason, hash()));
        note(actor, "propose an adoption" + plan.map(id -> " (plan " + id + ")").orElse("") + ": " + reason);
        return plan;
    }

    /** Takes over what these lines of an adoption say. Somebody who has left is only taken over where his line is {@code named}. */
    List<String> approve(Plans.Open open, List<Plans.OpenLine> chosen, boolean named, String actor) {
        live();
        fresh();
        Origin origin = new Origin(actor, "approve", "plan:" + open.id());
        journal.note(origin, Optional.of(Adoption.SOURCE), hash(), "approve plan " + open.id() + " (" + chosen.size() + " of " + open.lines().size() + " lines)");
        LocalDate review = LocalDate.ofInstant(runs.now(), ZoneOffset.UTC).plusDays(REVIEW_DAYS);
        Set<Integer> done = tries.of(() -> adoption.approve(open.id(), chosen.stream().map(Plans.OpenLine::n).toList(), named, new Adoption.Word(origin, review, "adopted by plan " + open.id()), files.current().rules(runs.now())));
        plans.decided(open.id(), done.isEmpty() ? "closed" : "approved", actor, "approved " + chosen.size() + " lines, " + done.size() + " of them done");
        Set<Integer> waits = plans.open(open.id()).stream().flatMap(now -> now.lines().stream()).map(Plans.OpenLine::n).collect(Collectors.toSet());
        return chosen.stream().map(line -> line.n() + " " + line.sentence() + (done.contains(line.n()) ? "" : waits.contains(line.n()) ? ": waits: whoever has left is removed from Portkey by it, so name its number" : ": no longer true, not done")).toList();
    }

    @Override
    public void apply(String reason, boolean makes, String actor) {
        known();
        List<String> unseen = makes || Publishing.creates(files.current().organisation()) != Creates.AGREED ? List.of() : reads.toBeMade();
        if (reads.unadopted() > 0 && !reads.adoptedBefore()) {
            throw new Controls.Refused(reads.unadopted() + " people and workspaces match and are not adopted, and nobody has decided on that: 'bridge target adopt' makes the plan; approve it, in whole or in part, or reject it");
        }
        if (!unseen.isEmpty()) {
            throw new Controls.Refused(unseen.size() + " workspaces would be made: " + unseen.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (unseen.size() > SHOWN ? ", ..." : "") + ". Portkey's SCIM shows no workspace that has no group of the pattern: "
                    + "one of these may be there, made by hand, and then the bridge's people come into it, with the role they have here. Hold them against Portkey's own list of workspaces; then 'bridge target apply --make-workspaces', "
                    + "or give such a one a group of the pattern and read again, or leave switches: create-missing-workspaces off; publish: {unseen-workspaces: make} asks no more");
        }
        state.agreed();
        state.mode(true, actor, reason);
        note(actor, "target apply" + (makes ? ", workspaces are made" : "") + ": " + reason);
    }

    @Override
    public void observe(String reason, String actor) {
        live();
        state.mode(false, actor, reason);
        note(actor, "target observe: " + reason);
    }

    @Override
    public void resume(String reason, String actor) {
        live();
        if (!state.quarantine().resume()) {
            throw new Controls.Refused("Portkey is not quarantined: nothing is held back for failing too often");
        }
        note(actor, "target resume: " + reason);
    }

    @Override
    public List<String> bind(String workspace, String slug, String reason, String actor) {
        known();
        UUID ours = reads.workspace(workspace).orElseThrow(() -> new Controls.Refused("there is no workspace '" + workspace + "' here"));
        String there = tries.of(() -> adoption.bind(ours, slug)).orElseThrow(() -> new Controls.Refused("Portkey has no workspace '" + slug + "' that is nobody's, or " + workspace + " is bound already"));
        note(actor, "bind workspace " + workspace + " to " + slug + ": " + reason);
        return List.of("workspace " + workspace + " is " + there + " (" + slug + ") at Portkey; 'bridge target adopt' takes it over");
    }

    @Override
    public List<String> invite(String person, String reason, String actor) {
        live();
        UUID id = named.person(person).orElseThrow(() -> new Controls.Refused("nobody is known as '" + person + "'"));
        if (!Boolean.TRUE.equals(tries.of(() -> adoption.invite(id)))) {
            throw new Controls.Refused("no invite of " + person + " is held back");
        }
        note(actor, "let another invite go out to " + id + ": " + reason);
        return List.of("another invite goes out to " + person);
    }

    @Override
    public List<Key> keys(String person) {
        return each(person).stream().flatMap(gone -> said(() -> looks().of(gone)).stream()).toList();
    }

    @Override
    public List<String> revoke(String person, List<String> chosen, String reason, String actor) {
        List<String> done = new ArrayList<>();
        List<TargetLeft.Left> all = each(person);
        if (all.isEmpty()) {
            throw new Controls.Refused("nobody whom the bridge has taken out of Portkey is known as '" + person + "', or no key of his was left there");
        }
        Map<TargetLeft.Left, List<Key>> his = new LinkedHashMap<>();
        for (TargetLeft.Left gone : all) {
            if (said(() -> looks().isBack(gone))) {
                throw new Controls.Refused("'" + person + "' is at Portkey again, and these may be keys he works with: 'bridge target read' shows it");
            }
            his.put(gone, said(() -> looks().of(gone)));
        }
        chosen.stream().filter(id -> his.values().stream().flatMap(List::stream).noneMatch(key -> key.id().equals(id))).findFirst().ifPresent(none -> {
            throw new Controls.Refused("Portkey shows no key " + none + " of '" + person + "': 'bridge target keys' lists his");
        });
        his.forEach((gone, keys) -> {
            List<Key> ends = keys.stream().filter(key -> chosen.isEmpty() || chosen.contains(key.id())).toList();
            for (Key key : ends) {
                said(() -> {
                    looks().revoke(gone, key);
                    return key;
                });
                note(actor, "revoke API key " + key.id() + " of " + gone.person().map(UUID::toString).orElse(gone.userId()) + ": " + reason);
                done.add("API key " + key.id() + (key.name().isBlank() ? "" : " (" + key.name() + ")") + " is revoked");
            }
            tries.of(() -> {
                left.held(gone, keys.size() - ends.size());
                return gone;
            });
        });
        return done;
    }

    /** Whom he was at Portkey, and is not any more. */
    private List<TargetLeft.Left> each(String person) {
        live();
        looks();
        UUID id = named.person(person).orElseThrow(() -> new Controls.Refused("nobody is known as '" + person + "'"));
        return left.of(id);
    }

    @Override
    public List<String> unmap(String mapping, String reason, String actor) {
        live();
        if (!reads.mapped(mapping)) {
            throw new Controls.Refused("no mapping " + mapping + " was read: 'bridge target mappings' lists them");
        }
        said(() -> {
            looks().unmap(mapping);
            return mapping;
        });
        tries.of(() -> adoption.unmapped(mapping));
        note(actor, "end Portkey's mapping " + mapping + ": " + reason);
        return List.of("mapping " + mapping + " is ended; whoever it brought into the workspace stays there");
    }

    private LeaverKeys looks() {
        return publishing.keys().orElseThrow(() -> new Controls.Refused("only target portkey-admin-api shows keys and mappings; by SCIM the keys go with whoever is archived"));
    }

    private static <T> T said(Supplier<T> call) {
        try {
            return call.get();
        } catch (TargetFault fault) {
            throw new Controls.Refused(fault.getMessage());
        }
    }

    @Override
    public State state() {
        Organisation.Target target = files.current().organisation().target();
        return new State(target.name().toLowerCase(Locale.ROOT).replace('_', '-'), settings.door(target).map(door -> door.address().toString()), settings.missing(target));
    }

    private void live() {
        Organisation.Target target = files.current().organisation().target();
        if (target == Organisation.Target.STORE) {
            throw new Controls.Refused("target store: there is no live Portkey behind this bridge (mappings/portkey.yaml: target)");
        }
        if (!settings.missing(target).isEmpty()) {
            throw new Controls.Refused("the target lacks " + String.join(", ", settings.missing(target)));
        }
        if (publishing.plane().isEmpty() && publishing.overtaken()) {
            throw new Controls.Refused("another bridge publishes to another Portkey than the one that this bridge's settings lead to: ask that one, and start this one anew with the same address");
        }
    }

    private void known() {
        live();
        if (state.now().readAt().isEmpty()) {
            throw new Controls.Refused("this Portkey was never read as a whole: 'bridge target read' first");
        }
    }

    private String hash() {
        return files.current().files().hash();
    }

    private void note(String actor, String what) {
        journal.note(new Origin(actor, "operator", "target"), Optional.empty(), hash(), what);
    }
}
