package io.identitybridge.flow;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.sim.Bridges;
import io.identitybridge.sim.Idp;
import io.identitybridge.sim.Message;
import io.identitybridge.sim.Pages;
import io.identitybridge.sim.View;
import io.identitybridge.sim.World;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Staging.Staged;
import io.identitybridge.store.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The bridge without its effects: Heard, Merge, the mappings, Linker, Wishes, Planner, LastHop, Guard and Split are its own; store, reading engine and SCIM are modelled.
 * A bridge that dies does so between two transactions.
 */
public final class ModelBridges implements Bridges {
    private static final Duration NEVER = Duration.ofDays(-36_500);
    private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");
    private static final int ALIVE = Integer.MAX_VALUE;

    private final Function<Variant, Active> files;
    private Variant variant = Variant.PLAIN;
    private Active active;
    private Map<UUID, List<Waiting>> seen = Map.of();
    private final Set<Law> off;
    private final int[] left = {ALIVE, ALIVE};
    private final Map<String, ModelPull> pulls = new HashMap<>();
    private final Map<String, ModelPull> broken = new HashMap<>();
    private final Map<String, Instant> leases = new HashMap<>();
    private final Map<String, String> omitted = new HashMap<>();
    private final Set<String> omittedOnce = new HashSet<>();
    private final Map<String, Integer> valid = new HashMap<>();
    private Instant now = BEGIN;
    private Memory memory = new Memory();
    private ModelPushes pushes;
    private ModelDeeds deeds;

    /** Which files hold: sources whose mapping makes nobody a manager, and whether portkey.yaml says that alpha decides. */
    public record Variant(Set<String> withoutManagers, boolean alphaDecides) {
        public static final Variant PLAIN = new Variant(Set.of(), false);
    }

    /** @param files of the simulated world, each variant read once; @param off laws that do not hold this time */
    public ModelBridges(Function<Variant, Active> files, Set<Law> off) {
        this.files = files;
        this.off = off;
        begin();
    }

    /** Files by name, as the bridge reads them. */
    public static Active files(Map<String, String> texts) {
        return Active.of(FileReader.read(texts));
    }

    private static final class Died extends RuntimeException {
        Died() {
            super(null, null, false, false);
        }
    }

    @Override
    public void begin() {
        now = BEGIN;
        memory = new Memory();
        variant = Variant.PLAIN;
        active = files.apply(variant);
        seen = Map.of();
        deeds = new ModelDeeds(memory, active.organisation(), off);
        pushes = new ModelPushes(memory, active, off);
        List.of(pulls, broken, leases, omitted, valid).forEach(Map::clear);
        omittedOnce.clear();
        restart(0);
        restart(1);
    }

    /** One transaction of a bridge; it may be the one before which it dies. */
    private void transaction(int bridge, Runnable work) {
        if (left[bridge] != ALIVE && --left[bridge] <= 0) {
            left[bridge] = 0;
            throw new Died();
        }
        work.run();
    }

    private boolean dead(int bridge) {
        return left[bridge] == 0;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Delivery deliver(int bridge, Message message) {
        if (dead(bridge) || memory.away.contains(message.source())) {
            return Delivery.FAILED;
        }
        try {
            Collection<UUID>[] touched = new Collection[1];
            Delivery[] delivery = {Delivery.REFUSED};
            transaction(bridge, () -> pushes.take(message, now).ifPresent(accounts -> {
                touched[0] = accounts;
                delivery[0] = Delivery.TAKEN;
            }));
            if (delivery[0] == Delivery.TAKEN) {
                transaction(bridge, () -> deeds.converge(new SourceName(message.source()), touched[0], Optional.empty(), now));
            }
            return delivery[0];
        } catch (Died died) {
            return Delivery.FAILED;
        }
    }

    @Override
    public boolean pull(int bridge, Idp source, boolean full) {
        String name = source.name();
        if (memory.away.contains(name)) {
            return false;
        }
        if (dead(bridge) || pulls.containsKey(name) || leases.containsKey(name) && leases.get(name).isAfter(now)) {
            if (full && !dead(bridge)) {
                memory.wantWhole.add(name);
            }
            return false;
        }
        if (full) {
            memory.wantWhole.add(name); // one that breaks off is not forgotten for the next changes
        }
        boolean whole = full || memory.wantWhole.contains(name) || !source.traits.tellsChanges();
        ModelPull earlier = broken.remove(name);
        boolean goesOn = earlier != null && earlier.begunPages() && earlier.whole == whole && earlier.begun.isAfter(now.minus(Duration.ofDays(1)));
        pulls.put(name, goesOn ? earlier.takenUp(bridge, now) : new ModelPull(bridge, source, memory.next(), now, whole, active.mapping(new SourceName(name)).orElseThrow(), memory, memory.cursors.getOrDefault(name, Map.of()), off.contains(Law.CLOCK) ? Duration.ZERO : source.clock()));
        return true;
    }

    @Override
    public boolean pulling(Idp source) {
        return pulls.containsKey(source.name());
    }

    @Override
    public Optional<Ended> answer(Idp source, How how) {
        ModelPull pull = pulls.get(source.name());
        try {
            transaction(pull.bridge, () -> { });
        } catch (Died died) {
            return broke(pull, true);
        }
        if (how.fault() > 0) {
            if (off.contains(Law.ONLY_WHOLE) && pull.whole && pull.begunPages()) {
                return apply(pull);
            }
            return broke(pull, false);
        }
        Pages.Answer answer = Pages.of(source, "", pull.plainPath(), pull.query(), how.sequence(), Optional.ofNullable(omitted.get(source.name())), valid.getOrDefault(source.name(), 0));
        if (answer.status() == 410) {
            pulls.put(source.name(), pull.everything(now));
            return Optional.empty();
        }
        pull.answer(answer, now);
        if (pull.done() && pull.whole && unbelievable(pull)) {
            return broke(pull, false);
        }
        return pull.done() && !pull.alone(off.contains(Law.REREAD) && !pull.whole ? List.of() : asksFor(pull)) ? apply(pull) : Optional.empty();
    }

    private boolean unbelievable(ModelPull pull) {
        List<String> held = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && fact.pulledAt().isPresent()).map(fact -> fact.externalId().orElseThrow()).toList();
        return Absent.unbelievable(held.size(), pull.seenUsers.size(), (int) held.stream().filter(id -> !pull.seenUsers.contains(id)).count()).isPresent();
    }

    /** A failed pull ends here; one whose bridge died keeps its lease for a minute and can be taken up. */
    private Optional<Ended> broke(ModelPull pull, boolean died) {
        pulls.remove(pull.idp.name());
        omitted.remove(pull.idp.name());
        if (died) {
            broken.put(pull.idp.name(), pull);
            leases.put(pull.idp.name(), now.plusSeconds(60));
        }
        return Optional.of(new Ended(false, Optional.empty()));
    }

    /** Whom a whole reading did not see; or whom a delta has passed over for a newer push, or told a part of while a push is newer than the rest. */
    private List<String> asksFor(ModelPull pull) {
        if (!pull.idp.traits.pointRead()) {
            return List.of();
        }
        Stream<AccountFact> living = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && fact.externalId().isPresent());
        if (pull.whole) {
            return off.contains(Law.POINT_READ) ? List.of() : living.filter(fact -> fact.pulledAt().isPresent() || mostlyPulled(pull.source())).map(fact -> fact.externalId().get()).filter(id -> !pull.seenUsers.contains(id)).sorted().toList();
        }
        Stream<AccountFact> all = memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.externalId().isPresent());
        return all.filter(fact -> fact.rereadAt().filter(at -> !at.isAfter(now)).isPresent() || fact.pushedAt().isPresent() && fact.pulledAt().isPresent() && fact.pushedAt().get().isAfter(fact.pulledAt().get())
                && Optional.ofNullable(pull.users.get(fact.externalId().get())).filter(staged -> staged.state().equals("seen")).isPresent()).map(fact -> fact.externalId().get()).sorted().toList();
    }

    private boolean mostlyPulled(SourceName source) {
        List<AccountFact> pushed = memory.accounts.values().stream().filter(fact -> fact.source().equals(source) && fact.goneAt().isEmpty() && fact.pushedAt().isPresent()).toList();
        return pushed.stream().filter(fact -> fact.pulledAt().isPresent()).count() * 2 > pushed.size();
    }

    private Optional<Ended> apply(ModelPull pull) {
        String name = pull.idp.name();
        try {
            missing(pull);
            Duration lag = active.lag(pull.source());
            ModelFacts facts = new ModelFacts(memory, active, off, pull, now, off.contains(Law.FENCE) ? NEVER : lag, off.contains(Law.FENCE_OF_MEMBERS) ? NEVER : lag);
            transaction(pull.bridge, facts::users);
            transaction(pull.bridge, facts::groups);
            transaction(pull.bridge, facts::members);
            if (!pull.whole && facts.fenced() && !off.contains(Law.REREAD)) {
                memory.wantWhole.add(name);
            }
            transaction(pull.bridge, () -> deeds.converge(pull.source(), List.copyOf(memory.due).stream().filter(account -> memory.accounts.get(account).source().equals(pull.source())).toList(), Optional.empty(), now));
            transaction(pull.bridge, () -> {
                memory.cursors.put(name, Map.copyOf(pull.cursors));
                if (pull.whole) {
                    memory.wantWhole.remove(name);
                    if (pull.idp.traits.tellsChanges() && passedOver(pull, lag) && !off.contains(Law.REREAD)) {
                        memory.wantWhole.add(name);
                    }
                }
            });
        } catch (Died died) {
            broke(pull, true);
            broken.remove(name); // what it had begun to apply is not read again
            memory.wantWhole.add(name);
            return Optional.of(new Ended(false, Optional.empty()));
        }
        pulls.remove(name);
        omitted.remove(name);
        return Optional.of(new Ended(true, pull.whole ? Optional.of(pull.begun) : Optional.empty()));
    }

    /** Whether a group was pushed so lately that what this reading found of it was passed over. */
    private boolean passedOver(ModelPull pull, Duration lag) {
        return memory.groups.values().stream().anyMatch(group -> group.source().equals(pull.source()) && group.goneAt().isEmpty() && group.pulledAt().isPresent()
                && group.pushedAt().filter(at -> at.isAfter(group.pulledAt().get()) && !at.plus(lag).isBefore(pull.begun)).isPresent());
    }

    /** Who is absent from a whole reading and could not be asked for alone. */
    private void missing(ModelPull pull) {
        if (!pull.whole) {
            return;
        }
        String state = off.contains(Law.CANDIDATE) || off.contains(Law.ONLY_WHOLE) && !pull.done() || off.contains(Law.POINT_READ) && pull.idp.traits.pointRead() ? "gone" : "missing";
        memory.accounts.values().stream().filter(fact -> fact.source().equals(pull.source()) && fact.goneAt().isEmpty() && fact.pulledAt().isPresent()).map(fact -> fact.externalId().orElseThrow())
                .filter(id -> !pull.seenUsers.contains(id) && !pull.users.containsKey(id)).forEach(id -> pull.users.put(id, new Staged(id, state, Optional.empty(), Optional.empty(), Optional.empty(), pull.asked)));
        memory.groups.values().stream().filter(group -> group.source().equals(pull.source()) && group.goneAt().isEmpty() && group.pulledAt().isPresent()).map(group -> group.externalId().orElseThrow())
                .filter(id -> !pull.seenGroups.contains(id)).forEach(id -> pull.groups.put(id, new Staged(id, "missing", Optional.empty(), Optional.empty(), Optional.empty(), pull.asked)));
        if (off.contains(Law.SECOND_ABSENCE)) {
            pull.users.values().removeIf(staged -> staged.state().equals("missing"));
            pull.groups.values().removeIf(staged -> staged.state().equals("missing"));
        }
    }

    @Override
    public void omit(Idp source, String user) {
        if (omittedOnce.add(source.name())) {
            omitted.put(source.name(), user);
        }
    }

    @Override
    public void omitNobody() {
        omitted.clear();
    }

    @Override
    public void expire(Idp source) {
        valid.put(source.name(), source.sequence() + 1);
    }

    @Override
    public void crash(int bridge, int statements) {
        left[bridge] = 1 + statements / 6;
    }

    @Override
    public void restart(int bridge) {
        left[bridge] = ALIVE;
    }

    @Override
    public void sweep(int bridge) {
        if (dead(bridge)) {
            return;
        }
        memory.accounts.values().stream().filter(fact -> !memory.links.containsKey(fact.id()) && fact.goneAt().isEmpty()).map(AccountFact::id).forEach(memory.due::add);
        memory.accounts.values().stream().filter(fact -> fact.goneAt().isEmpty() && Optional.ofNullable(memory.links.get(fact.id())).map(memory.people::get).filter(person -> !person.now().active() || !person.now().email().equals(fact.user().orElseThrow().email())).isPresent())
                .map(AccountFact::id).forEach(memory.due::add); // who waits for an address
        for (Idp.Traits traits : World.TRAITS) {
            List<UUID> due = memory.due.stream().filter(account -> memory.accounts.get(account).source().value().equals(traits.name())).toList();
            if (!due.isEmpty() && !pulls.containsKey(traits.name()) && !memory.away.contains(traits.name())) {
                try {
                    transaction(bridge, () -> deeds.converge(new SourceName(traits.name()), due, Optional.empty(), now));
                } catch (Died died) {
                    return;
                }
            }
        }
    }

    @Override
    public boolean proposes(Idp source, boolean only) {
        return only ? memory.proposing.add(source.name()) : memory.proposing.remove(source.name());
    }

    @Override
    public boolean edits(Idp source, boolean without) {
        Set<String> sources = new TreeSet<>(variant.withoutManagers());
        if (memory.away.contains(source.name()) || !(without ? sources.add(source.name()) : sources.remove(source.name()))) {
            return false;
        }
        rules(new Variant(sources, variant.alphaDecides()));
        SourceName name = new SourceName(source.name());
        MappedFacts facts = new MappedFacts(active, name, now, misread -> { });
        Set<UUID> before = Set.copyOf(memory.due);
        memory.due.clear();
        List.copyOf(memory.groups.values()).stream().filter(group -> group.source().equals(name)).forEach(group -> Optional.of(facts.again(group, true)).filter(read -> !read.readsAs(group)).ifPresent(memory::write));
        List.copyOf(memory.accounts.values()).stream().filter(fact -> fact.source().equals(name)).forEach(fact -> Optional.of(facts.account(fact)).filter(read -> !read.readsAs(fact)).ifPresent(read -> memory.write(read, now)));
        memory.due.forEach(account -> memory.edited.put(account, "the mapping was edited"));
        memory.due.addAll(before);
        converge(name);
        return true;
    }

    private void rules(Variant next) {
        variant = next;
        active = files.apply(variant);
        deeds.rules(active.organisation());
        pushes.rules(active);
    }

    /** Whoever is due of a source, by the first bridge that lives. */
    private void converge(SourceName source) {
        sweep(dead(0) ? 1 : 0);
    }

    @Override
    public boolean alphaDecides(boolean decides) {
        if (variant.alphaDecides() == decides) {
            return false;
        }
        rules(new Variant(variant.withoutManagers(), decides));
        memory.due.addAll(memory.accounts.keySet());
        memory.due.forEach(account -> memory.edited.put(account, "portkey.yaml was edited"));
        World.TRAITS.forEach(traits -> converge(new SourceName(traits.name())));
        return true;
    }

    @Override
    public boolean takes(Idp source, boolean away) {
        if (pulls.containsKey(source.name()) || !(away ? memory.away.add(source.name()) : memory.away.remove(source.name()))) {
            return false;
        }
        if (off.contains(Law.FROZEN) && away) {
            List<UUID> his = memory.accounts.values().stream().filter(fact -> fact.source().value().equals(source.name()) && fact.goneAt().isEmpty()).map(AccountFact::id).toList();
            his.forEach(id -> memory.write(memory.accounts.get(id).gone(now, Standing.LEFT), now));
            deeds.converge(new SourceName(source.name()), his, Optional.empty(), now);
        }
        return true;
    }

    @Override
    public int reject(int bridge) {
        if (dead(bridge)) {
            return 0;
        }
        int lines = memory.waiting.values().stream().mapToInt(List::size).sum();
        memory.waiting.forEach((account, waits) -> memory.rejected.computeIfAbsent(account, id -> new ArrayList<>()).addAll(waits));
        memory.waiting.clear();
        return lines;
    }

    @Override
    public void look() {
        seen = new LinkedHashMap<>(memory.waiting);
    }

    @Override
    public int approveSeen(int bridge) {
        return approve(bridge, seen, off.contains(Law.STILL_TRUE));
    }

    @Override
    public int approve(int bridge) {
        return approve(bridge, memory.waiting, false);
    }

    private int approve(int bridge, Map<UUID, List<Waiting>> waiting, boolean forced) {
        if (dead(bridge)) {
            return 0;
        }
        Map<SourceName, Set<ApprovedPlan.Allowed>> allowed = new LinkedHashMap<>();
        waiting.forEach((account, lines) -> lines.forEach(line -> allowed.computeIfAbsent(memory.accounts.get(account).source(), source -> new HashSet<>()).add(new ApprovedPlan.Allowed(account, line.sentence()))));
        int lines = 0;
        allowed.keySet().removeIf(source -> memory.away.contains(source.value()));
        for (Map.Entry<SourceName, Set<ApprovedPlan.Allowed>> one : allowed.entrySet()) {
            List<UUID> accounts = new ArrayList<>(new TreeSet<>(one.getValue().stream().map(ApprovedPlan.Allowed::account).toList()));
            try {
                transaction(bridge, () -> {
                    memory.due.addAll(accounts);
                    deeds.converge(one.getKey(), accounts, Optional.empty(), now);
                    memory.due.addAll(accounts);
                    deeds.converge(one.getKey(), accounts, Optional.of(one.getValue()), now);
                    if (forced) {
                        one.getValue().forEach(deeds::force);
                    }
                });
                lines += one.getValue().size();
            } catch (Died died) {
                return lines;
            }
        }
        return lines;
    }

    @Override
    public void tellAgain(int bridge, Idp source) {
        pushes.onlyPushed(source, now).forEach(accounts -> deeds.converge(new SourceName(source.name()), accounts, Optional.empty(), now));
    }

    @Override
    public View view() {
        return memory.view();
    }

    @Override
    public List<String> faults() {
        return List.of(memory.dump());
    }
}
