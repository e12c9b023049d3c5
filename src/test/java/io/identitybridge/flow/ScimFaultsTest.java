package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.scim.Notes;
import io.identitybridge.scim.ScimError;
import io.identitybridge.scim.ScimOutcome;
import io.identitybridge.store.Conflict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;

class ScimFaultsTest {
    private static final List<RuntimeException> MOVED = List.of(new Conflict("the user"), new DuplicateKeyException("a name"));
    private final Again again = new Again(null);

    @Test
    void a_change_that_somebody_else_was_before_is_tried_again_however_its_fault_is_wrapped() throws InterruptedException {
        for (RuntimeException moved : MOVED) {
            for (RuntimeException fault : List.of(moved, new RuntimeCamelException(moved), new CamelExecutionException("a step", null, new RuntimeCamelException(moved)))) {
                assertThat(ScimFaults.of(fault).getMessage()).contains("changes too fast");
                assertThat(tries(fault)).as(fault.toString()).isEqualTo(1);
            }
        }
    }

    @Test
    void the_first_word_of_a_fault_counts_and_what_is_answered_otherwise_is_not_tried_again() throws InterruptedException {
        ScimError said = ScimError.uniqueness("userName is taken");
        RuntimeException wrapped = new RuntimeCamelException(said);
        assertThat(ScimFaults.of(wrapped)).isSameAs(said);
        assertThat(tries(wrapped)).isZero();
        RuntimeException database = new CannotAcquireLockException("a lock", MOVED.getLast());
        assertThat(ScimFaults.of(database).getMessage()).contains("database");
        assertThat(tries(database)).isZero();
        assertThat(tries(new IllegalStateException("a bug"))).isZero();
    }

    @Test
    void a_fault_that_is_its_own_cause_is_the_bridges() {
        RuntimeException one = new IllegalStateException("one");
        one.initCause(new IllegalStateException("other", one));
        assertThat(ScimFaults.of(one).status()).isEqualTo(500);
        assertThat(ScimFaults.moved(one)).isFalse();
    }

    /** How often a change that met this fault is tried again, where the next try succeeds. */
    private int tries(RuntimeException fault) throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        Again.Result result = again.after(fault, "/Users", () -> {
            tries.incrementAndGet();
            return said();
        });
        assertThat(result instanceof Again.Result.Done).isEqualTo(tries.get() > 0);
        return tries.get();
    }

    private static ScimOutcome said() {
        return new ScimOutcome.Answer(204, Map.of(), new byte[0], new Notes(Optional.empty(), "", Optional.empty(), List.of(), Optional.empty()));
    }
}
