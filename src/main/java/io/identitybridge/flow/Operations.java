package io.identitybridge.flow;

import io.identitybridge.model.Controls;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Guard;
import io.identitybridge.store.Adoption;
import io.identitybridge.store.Journal;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Runs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** What operators ask for, done by the same steps as everything else. */
@Component
class Operations implements Controls {
    private final Pulls pulls;
    private final Reconciliation reconciliation;
    private final Previews previews;
    private final Replays replays;
    private final ActiveFiles files;
    private final Editing editing;
    private final Plans plans;
    private final Runs runs;
    private final Journal journal;
    private final ProducerTemplate camel;
    private final TargetOperations target;

    Operations(Pulls pulls, Reconciliation reconciliation, Previews previews, Replays replays, ActiveFiles files, Editing editing, Plans plans, Runs runs, Journal journal, ProducerTemplate camel, TargetOperations target) {
        this.pulls = pulls;
        this.reconciliation = reconciliation;
        this.previews = previews;
        this.replays = replays;
        this.files = files;
        this.editing = editing;
        this.plans = plans;
        this.runs = runs;
        this.journal = journal;
        this.camel = camel;
        this.target = target;
    }

    @Override
    public UUID pull(SourceName source, boolean full, String actor) {
        return pull(source, full, actor, (full ? "pull all of " : "pull ") + source, run -> { });
    }

    @Override
    public UUID acceptShrink(SourceName source, String why, String actor) {
        return pull(source, true, actor, "pull all of " + source + " and take for true whatever is absent: " + why, run -> runs.accept(run, why + " (" + actor + ")"));
    }

    private UUID pull(SourceName source, boolean full, String actor, String what, Consumer<UUID> first) {
        return switch (pulls.begin(source, full, actor)) {
            case Pulls.Answer.Not not -> throw new Refused(not.why());
            case Pulls.Answer.Go go -> {
                noted(go.ticket(), what, actor, first);
                Thread.startVirtualThread(() -> camel.send("direct:pull-now", exchange -> {
                    exchange.setProperty(IdpComponent.TICKET, go.ticket());
                    exchange.getMessage().setHeader("source", source.value());
                }));
                yield go.ticket().run();
            }
        };
    }

    /** What cannot be noted is not begun. */
    private void noted(Pulls.Ticket ticket, String what, String actor, Consumer<UUID> first) {
        try {
            first.accept(ticket.run());
            note(new Origin(actor, "operator", "run:" + ticket.run()), Optional.of(ticket.source()), what);
        } catch (RuntimeException fault) {
            pulls.failed(ticket.source(), Optional.of(ticket.run()), Bugs.said(fault));
            throw fault;
        }
    }

    @Override
    public Preview preview(SourceName source, Optional<String> mapping) {
        return previews.of(source, mapping);
    }

    @Override
    public List<String> approve(long plan, List<Integer> only, Optional<String> hash, String actor) {
        Plans.Open open = open(plan);
        if (hash.isPresent() && !hash.get().equals(open.hash())) {
            throw new Refused("plan " + plan + " has changed since you looked at it; look again");
        }
        List<Plans.OpenLine> asked = chosen(open, only);
        List<Plans.OpenLine> chosen = ready(plan, asked, actor);
        List<String> said = new ArrayList<>(chosen.isEmpty() ? List.of() : open.source().equals(Adoption.SOURCE) ? target.approve(open, chosen, !only.isEmpty(), actor) : approved(open, chosen, actor));
        asked.stream().filter(line -> !chosen.contains(line)).forEach(line -> said.add(line.n() + " " + line.sentence() + ": approved by " + actor + ", and waits for a second person (portkey.yaml: limits.second-person)"));
        return said;
    }

    /** Those that are done now: all of them, or where two people have to approve those that somebody else has approved. */
    private List<Plans.OpenLine> ready(long plan, List<Plans.OpenLine> asked, String actor) {
        if (!files.current().organisation().limits().secondPerson()) {
            return asked;
        }
        List<Integer> second = plans.second(plan, asked.stream().map(Plans.OpenLine::n).toList(), actor, files.current().files().hash());
        return asked.stream().filter(line -> second.contains(line.n())).toList();
    }

    private List<String> approved(Plans.Open open, List<Plans.OpenLine> chosen, String actor) {
        long plan = open.id();
        Set<ApprovedPlan.Allowed> allowed = new HashSet<>();
        chosen.forEach(line -> allowed.add(new ApprovedPlan.Allowed(line.account(), line.sentence())));
        List<UUID> accounts = chosen.stream().map(Plans.OpenLine::account).distinct().toList();
        Origin origin = new Origin(actor, "approve", "plan:" + plan);
        note(origin, Optional.of(open.source()), "approve plan " + plan + " (" + chosen.size() + " of " + open.lines().size() + " lines)");
        Work.Planned first = reconciliation.plan(reconciliation.again(open.source(), accounts, origin)); // what is new of them is judged, not taken for a part of what is decided here
        reconciliation.apply(reconciliation.guard(first));
        Work.Planned planned = reconciliation.plan(reconciliation.again(open.source(), accounts, origin));
        List<String> refused = reconciliation.apply(new Work.Approved(planned, Guard.approved(open.source(), origin.origin(), allowed))).converged().refused();
        Set<Integer> done = new HashSet<>(plans.applied(plan));
        Set<Integer> waits = plans.open(plan).stream().flatMap(left -> left.lines().stream()).map(Plans.OpenLine::n).collect(Collectors.toSet());
        long applied = chosen.stream().filter(line -> done.contains(line.n())).count();
        plans.decided(plan, applied > 0 ? "approved" : "closed", actor, "approved " + chosen.size() + " lines, " + applied + " of them done");
        return chosen.stream().map(line -> line.n() + " " + (done.contains(line.n()) ? line.sentence() : notDone(line, waits.contains(line.n()), files.current().mapping(open.source()).isEmpty(), refused))).toList();
    }

    private static String notDone(Plans.OpenLine line, boolean waits, boolean away, List<String> refused) {
        return waits ? line.sentence() + (away ? ": waits still, until the files of its source are back or it is released" : ": waits still, for another line of the same person that has to be approved first or with it")
                : refused.stream().filter(why -> why.startsWith(line.sentence() + ": ")).findFirst().map(why -> why + "; not done").orElse(line.sentence() + ": no longer true, not done");
    }

    @Override
    public List<String> reject(long plan, List<Integer> only, String actor, String reason) {
        List<Plans.OpenLine> chosen = chosen(open(plan), only);
        Set<Integer> rejected = new HashSet<>(plans.reject(plan, chosen.stream().map(Plans.OpenLine::n).toList(), actor, reason, files.current().files().hash()));
        return chosen.stream().map(line -> line.n() + " " + line.sentence() + (rejected.contains(line.n()) ? "" : ": waits no longer, not rejected")).toList();
    }

    private Plans.Open open(long plan) {
        Plans.Open open = plans.open(plan).orElseThrow(() -> new Refused("there is no plan " + plan));
        if (open.lines().isEmpty()) {
            throw new Refused("no line of plan " + plan + " waits any more; it is " + open.status());
        }
        return open;
    }

    private static List<Plans.OpenLine> chosen(Plans.Open open, List<Integer> only) {
        if (only.isEmpty()) {
            return open.lines();
        }
        Set<Integer> wanted = new HashSet<>(only);
        List<Plans.OpenLine> chosen = open.lines().stream().filter(line -> wanted.contains(line.n())).toList();
        if (chosen.size() != wanted.size()) {
            throw new Refused("plan " + open.id() + " has no waiting lines " + wanted.stream().filter(n -> chosen.stream().noneMatch(line -> line.n() == n)).sorted().toList());
        }
        return chosen;
    }

    @Override
    public List<String> replay(List<Long> letters, String actor) {
        return replays.of(letters, actor);
    }

    @Override
    public void pause(SourceName source, boolean paused, String actor) {
        known(source);
        note(new Origin(actor, "operator", "source:" + source), Optional.of(source), (paused ? "pause " : "resume ") + source);
        runs.pause(source, paused);
    }

    @Override
    public String release(SourceName source, String actor) {
        known(source);
        note(new Origin(actor, "operator", "release:" + source), Optional.of(source), "release " + source);
        runs.released(source);
        return previews.release(source, actor);
    }

    private void known(SourceName source) {
        if (files.current().mapping(source).isEmpty() && !runs.sources().contains(source)) {
            throw new Refused("there is no source '" + source + "'");
        }
    }

    @Override
    public String activate(String actor) {
        String hash = editing.activate(actor);
        note(new Origin(actor, "operator", "files:" + hash), Optional.empty(), "activate files " + hash);
        return hash;
    }

    @Override
    public String rollback(Optional<String> hash, String actor) {
        String active = editing.rollback(hash, actor);
        note(new Origin(actor, "operator", "files:" + active), Optional.empty(), "roll files back to " + active);
        return active;
    }

    private void note(Origin origin, Optional<SourceName> source, String what) {
        journal.note(origin, source, files.current().files().hash(), what);
    }
}
