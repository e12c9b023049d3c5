package io.identitybridge.flow;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.sim.Bridges;
import io.identitybridge.sim.Idp;
import io.identitybridge.sim.Message;
import io.identitybridge.sim.Pages;
import io.identitybridge.sim.View;
import io.identitybridge.sim.World;
import io.identitybridge.store.AccountFact;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

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
    private ModelOperator operator;
    private ModelAbsence absence;

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

    static final class Died extends RuntimeException {
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
        deeds = new ModelDeeds(memory, active.organisation(), off);
        operator = new ModelOperator(memory, deeds);
        absence = new ModelAbsence(memory, off);
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
        Pages.Answer answer = Pages.of(source, "", pull.plainPath(), pull.query(), how.sequence(), Optional.ofNullable(omitted.get(source.name())), Optional.empty(), valid.getOrDefault(source.name(), 0));
        if (answer.status() == 410) {
            pulls.put(source.name(), pull.everything(now));
            return Optional.empty();
        }
        pull.answer(answer, now);
        if (pull.done() && pull.whole && absence.unbelievable(pull)) {
            return broke(pull, false);
        }
        return pull.done() && !pull.alone(off.contains(Law.REREAD) && !pull.whole ? List.of() : absence.asksFor(pull, now)) ? apply(pull) : Optional.empty();
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

    private Optional<Ended> apply(ModelPull pull) {
        String name = pull.idp.name();
        try {
            absence.missing(pull);
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
                    if (pull.idp.traits.tellsChanges() && absence.passedOver(pull, lag) && !off.contains(Law.REREAD)) {
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
        memory.looksAgain();
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
        return dead(bridge) ? 0 : operator.reject();
    }

    @Override
    public void look() {
        operator.look();
    }

    @Override
    public int approveSeen(int bridge) {
        return dead(bridge) ? 0 : operator.approve(operator.seen(), off.contains(Law.STILL_TRUE), work -> transaction(bridge, work), now);
    }

    @Override
    public int approve(int bridge) {
        return dead(bridge) ? 0 : operator.approve(memory.waiting, false, work -> transaction(bridge, work), now);
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
