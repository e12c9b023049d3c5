package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TogetherTest {
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final List<List<String>> batches = new CopyOnWriteArrayList<>();
    final CountDownLatch firstIsUnderWay = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        threads.close();
    }

    /** The call {@code first} takes as long as the test wants; {@code bad} is none; {@code shy} wants to be alone. */
    private List<Supplier<String>> work(List<String> calls) {
        batches.add(calls);
        if (calls.contains("first")) {
            firstIsUnderWay.countDown();
            await(goOn);
        }
        if (calls.contains("bad")) {
            throw new IllegalArgumentException("bad");
        }
        if (calls.contains("shy") && calls.size() > 1) {
            throw new Together.Alone();
        }
        return calls.stream().<Supplier<String>>map(call -> () -> call + "!").toList();
    }

    @Test
    void what_comes_while_one_is_under_way_goes_together() throws Exception {
        assertThat(meanwhile("a", "b", "c")).containsExactly("a!", "b!", "c!");
        assertThat(batches).hasSize(2);
        assertThat(batches.getLast()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void one_fault_is_no_other_s() throws Exception {
        assertThat(meanwhile("a", "bad", "shy")).containsExactly("a!", "bad", "shy!");
        assertThat(batches).contains(List.of("a"), List.of("bad"), List.of("shy"));
    }

    @Test
    void two_of_one_key_go_one_after_the_other() throws Exception {
        assertThat(meanwhile("k1", "k1")).containsExactly("k1!", "k1!");
        assertThat(batches).containsExactly(List.of("first"), List.of("k1"), List.of("k1"));
    }

    @Test
    void a_call_alone_waits_for_nobody() {
        Together<String, String> together = new Together<>(1, Together.Traits.any(), this::work);
        assertThat(together.ask("a")).isEqualTo("a!");
        assertThatThrownBy(() -> together.ask("bad")).isInstanceOf(IllegalArgumentException.class);
        assertThat(together.ask("b")).as("a fault ends nothing").isEqualTo("b!");
    }

    /** What becomes of calls that come while the first is under way: the answer, or the fault's message. */
    private List<String> meanwhile(String... calls) throws Exception {
        Together<String, String> together = new Together<>(1, new Together.Traits<>(call -> "", call -> call), this::work);
        Future<String> first = threads.submit(() -> together.ask("first"));
        await(firstIsUnderWay);
        List<Future<String>> others = new ArrayList<>();
        for (String call : calls) {
            FutureTask<String> other = new FutureTask<>(() -> asked(together, call));
            others.add(other);
            waits(Thread.ofVirtual().start(other));
        }
        goOn.countDown();
        assertThat(first.get()).isEqualTo("first!");
        List<String> answers = new ArrayList<>();
        for (Future<String> other : others) {
            answers.add(other.get());
        }
        return answers;
    }

    /** Until this thread has asked, and waits for its answer. */
    private static void waits(Thread thread) throws InterruptedException {
        for (int i = 0; i < 60_000 && thread.getState() != Thread.State.WAITING; i++) {
            Thread.sleep(1);
        }
        assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
    }

    private static String asked(Together<String, String> together, String call) {
        try {
            return together.ask(call);
        } catch (IllegalArgumentException fault) {
            return fault.getMessage();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
