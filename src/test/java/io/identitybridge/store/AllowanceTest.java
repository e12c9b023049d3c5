package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    @Test
    void each_source_has_an_allowance_of_its_own() {
        Allowance allowance = Allowance.ofSources(25);
        assertThat(spent(allowance)).isPositive().isLessThan(Duration.ofSeconds(1));
        assertThat(allowance.take("entra")).isEmpty();
    }

    @Test
    void what_was_taken_comes_back_with_time() throws InterruptedException {
        Allowance allowance = Allowance.ofSources(25);
        Thread.sleep(spent(allowance).plusMillis(20));
        assertThat(allowance.take("okta")).isEmpty();
    }

    @Test
    void a_million_strangers_do_not_fill_the_memory() {
        Allowance allowance = Allowance.ofStrangers(25);
        IntStream.range(0, 1_000_000).forEach(i -> allowance.take("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
        assertThat(allowance.size()).isBetween(4_000, 4_096);
    }

    @Test
    void one_customers_network_is_one_stranger() {
        Set<String> networks = new HashSet<>();
        for (String address : new String[] {"2001:db8:1:2:0:0:0:1", "2001:db8:1:2:aaaa:bbbb:cccc:dddd"}) {
            networks.add(Allowance.network(address));
        }
        assertThat(networks).containsExactly("2001:db8:1:2");
        assertThat(Allowance.network("192.0.2.7")).isEqualTo("192.0.2.7");
        assertThat(Allowance.network("::1")).isEqualTo("::1");
    }

    @Test
    void a_wait_is_said_in_whole_seconds_and_at_least_one() {
        assertThat(Allowance.retryAfter(Duration.ofNanos(1))).isEqualTo("1");
        assertThat(Allowance.retryAfter(Duration.ofSeconds(1))).isEqualTo("1");
        assertThat(Allowance.retryAfter(Duration.ofMillis(1001))).isEqualTo("2");
    }

    /** Takes until there is no more, which is after 25 at least, and more on a machine that is slow at it; gives the wait. */
    private static Duration spent(Allowance allowance) {
        for (int taken = 0; taken < 10_000; taken++) {
            Optional<Duration> wait = allowance.take("okta");
            if (wait.isPresent()) {
                assertThat(taken).isGreaterThanOrEqualTo(25);
                return wait.get();
            }
        }
        throw new AssertionError("there is always more");
    }
}
