package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.Shown;
import io.identitybridge.store.TargetDrift;
import io.identitybridge.store.TargetStage;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all of a Portkey, whole or not at all, brings it into what is known of it, and compares. What differs is put right or only told. A list that is
 * refused means that the key has lost a scope: the connection stops, and nobody has left.
 */
public final class WholeReading {
    private static final Logger LOG = LoggerFactory.getLogger("publish");
    private static final int STRETCH = 500;

    private final TargetReader reader;
    private final Abilities can;
    private final Http http;
    private final Parts parts;
    private final Supplier<Terms> terms;
    private final Supplier<Rules> rules;

    /** What it works on. */
    public record Parts(TargetStage stage, TargetDrift drift, TargetState state, PublishReads reads, Outbox outbox) {
    }

    /**
     * @param lag     how long Portkey may show the old after a write
     * @param repairs whether what differs is put right
     * @param guarded what nobody may touch
     */
    public record Rules(Duration lag, boolean repairs, TargetStage.Guarded guarded) {
    }

    public WholeReading(TargetReader reader, ControlPlane plane, Http http, Parts parts, Supplier<Terms> terms, Supplier<Rules> rules) {
        this.reader = reader;
        this.can = plane.abilities();
        this.http = http;
        this.parts = parts;
        this.terms = terms;
        this.rules = rules;
    }

    /** How it ended. */
    public sealed interface End {
        /** Read and compared. */
        record Read() implements End {
        }

        /** Another reading goes on, or Portkey lets nobody in or asks to be left alone: it is read later. */
        record Later() implements End {
        }

        /** Nothing of it counts. */
        record Failed(String why) implements End {
        }
    }

    /** @param asked by a person: read again later if it cannot be now */
    public End read(boolean asked) {
        Optional<TargetStage.Reading> begun = parts.stage().begin(asked);
        if (begun.isEmpty()) {
            return new End.Later();
        }
        Optional<String> why = Optional.of("the bridge ended");
        try {
            Staged staged = new Staged(begun.get());
            Terms by = terms.get();
            reader.read(new Calls(http, by.causes(), new Budgeted(parts.state(), by, false), () -> false), staged);
            Rules now = rules.get();
            parts.stage().merge(begun.get(), now.lag(), now.guarded(), can.marks(), staged.withoutMappings);
            compare(now);
            why = Optional.empty();
        } catch (TargetFault fault) {
            why = Optional.of(fault.getMessage());
            failed(fault);
        } catch (TargetStage.Lost lost) {
            why = Optional.of(lost.getMessage());
        } catch (RuntimeException bug) {
            why = Optional.of("the bridge failed: " + bug.getClass().getSimpleName());
            LOG.error("the reading of Portkey broke", bug);
        } finally {
            parts.stage().end(begun.get(), why);
        }
        return why.<End>map(End.Failed::new).orElseGet(End.Read::new);
    }

    private void compare(Rules now) {
        boolean applies = parts.state().now().applies();
        boolean repairs = now.repairs() && applies;
        new Comparison(parts.reads(), parts.drift(), parts.outbox(), can, terms.get().guarded().get(), terms.get().creates(), applies).run(repairs);
        int again = repairs ? parts.drift().repair() : 0;
        if (again > 0) {
            LOG.warn("{} people and workspaces differ at Portkey from what the bridge holds, and are put right; 'bridge target drift' says how", again);
        }
    }

    private void failed(TargetFault fault) {
        if (fault.cause() == Cause.AUTH && parts.state().stopped(fault.getMessage())) {
            LOG.error("Portkey does not let the bridge read, so nothing is sent to it either, and nobody counts as gone: {}. Look at the target's key and its scopes; publishing goes on by itself once it does", fault.getMessage());
        } else if (fault.cause() != Cause.AUTH) {
            LOG.warn("Portkey was not read, and nothing follows from it: {}", fault.getMessage());
        }
    }

    /** Pages go into the stage. */
    private final class Staged implements TargetReader.Pages {
        private final TargetStage.Reading reading;
        private Optional<String> withoutMappings = Optional.empty();

        Staged(TargetStage.Reading reading) {
            this.reading = reading;
        }

        @Override
        public int page(List<? extends Shown> rows) {
            return parts.stage().page(reading, rows);
        }

        @Override
        public void unseen(Consumer<TargetStage.Known> each) {
            boolean anybody = parts.stage().anybody();
            stretches(parts.stage()::unseen, TargetStage.Known::id, known -> {
                if (!anybody) {
                    throw AdminRows.odd("the list of users is empty, which it was not before");
                }
                page(List.of()); // the reading is this bridge's still
                each.accept(known);
            });
        }

        @Override
        public void unseenInvites(Consumer<TargetStage.Known> each) {
            stretches(parts.stage()::unseenInvites, TargetStage.Known::id, known -> {
                page(List.of());
                each.accept(known);
            });
        }

        @Override
        public void unseenGroups(Consumer<String> each) {
            parts.stage().unseenGroups().forEach(each);
        }

        @Override
        public void giving(Consumer<Shown.Group> each) {
            stretches(parts.stage()::giving, Shown.Group::id, each);
        }

        @Override
        public void workspaces(Consumer<String> each) {
            stretches(parts.stage()::workspaces, key -> key, each);
        }

        private static <T> void stretches(BiFunction<Optional<String>, Integer, List<T>> some, Function<T, String> key, Consumer<T> each) {
            Optional<String> after = Optional.empty();
            for (List<T> rows = some.apply(after, STRETCH); !rows.isEmpty(); rows = some.apply(after, STRETCH)) {
                rows.forEach(each);
                after = Optional.of(key.apply(rows.getLast()));
            }
        }

        @Override
        public void withoutMappings(String why) {
            withoutMappings = Optional.of(why);
        }

        @Override
        public void forget(String workspace) {
            parts.stage().forget(reading, workspace);
        }
    }
}
