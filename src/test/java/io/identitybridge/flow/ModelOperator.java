package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.store.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/** Who decides in the modelled bridge about what waits: all of it, or only what was there when he last looked. */
final class ModelOperator {
    private final Memory memory;
    private final ModelDeeds deeds;
    private Map<UUID, List<Waiting>> seen = Map.of();

    ModelOperator(Memory memory, ModelDeeds deeds) {
        this.memory = memory;
        this.deeds = deeds;
    }

    /** Notes what waits now. */
    void look() {
        seen = new LinkedHashMap<>(memory.waiting);
    }

    Map<UUID, List<Waiting>> seen() {
        return seen;
    }

    /** Gives how many lines were rejected: all that waited. */
    int reject() {
        int lines = memory.waiting.values().stream().mapToInt(List::size).sum();
        memory.waiting.forEach((account, waits) -> memory.rejected.computeIfAbsent(account, id -> new ArrayList<>()).addAll(waits));
        memory.waiting.clear();
        return lines;
    }

    /**
     * Gives how many lines were approved until the bridge died, if it did.
     *
     * @param forced      whether lines are carried out though they are not true any more
     * @param transaction one source's lines go in one; it may throw {@link ModelBridges.Died}
     */
    int approve(Map<UUID, List<Waiting>> waiting, boolean forced, Consumer<Runnable> transaction, Instant now) {
        Map<SourceName, Set<ApprovedPlan.Allowed>> allowed = new LinkedHashMap<>();
        waiting.forEach((account, lines) -> lines.forEach(line -> allowed.computeIfAbsent(memory.accounts.get(account).source(), source -> new HashSet<>()).add(new ApprovedPlan.Allowed(account, line.sentence()))));
        int lines = 0;
        allowed.keySet().removeIf(source -> memory.away.contains(source.value()));
        for (Map.Entry<SourceName, Set<ApprovedPlan.Allowed>> one : allowed.entrySet()) {
            List<UUID> accounts = new ArrayList<>(new TreeSet<>(one.getValue().stream().map(ApprovedPlan.Allowed::account).toList()));
            try {
                transaction.accept(() -> {
                    memory.due.addAll(accounts);
                    deeds.converge(one.getKey(), accounts, Optional.empty(), now);
                    memory.due.addAll(accounts);
                    deeds.converge(one.getKey(), accounts, Optional.of(one.getValue()), now);
                    if (forced) {
                        one.getValue().forEach(deeds::force);
                    }
                });
                lines += one.getValue().size();
            } catch (ModelBridges.Died died) {
                return lines;
            }
        }
        return lines;
    }
}
