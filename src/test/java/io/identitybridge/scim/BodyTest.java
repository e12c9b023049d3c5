package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bodies are parsed from their stream, within bounds of bytes, depth, values and of how many large ones there are at once. */
class BodyTest {
    private static final int MOST = 16 << 20;

    @Test
    void the_longest_body_is_taken_and_one_byte_more_is_413() {
        assertThat(new Body(ofBytes(MOST)).object(MOST)).containsKey("x");
        assertRefused(413, ofBytes(MOST + 1), "longer than " + MOST);
    }

    @Test
    void nesting_of_32_is_taken_and_33_is_400() {
        assertThat(new Body(nested(32)).object(MOST)).containsKey("x");
        assertRefused(400, nested(33), "nested deeper than 32");
    }

    @Test
    void a_body_of_too_many_values_is_given_up_before_it_is_read_whole_into_memory() {
        byte[] values = "[],".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
        long[] asked = {0};
        InputStream many = new SequenceInputStream(Collections.enumeration(IntStream.range(0, 100).mapToObj(i -> (InputStream) new ByteArrayInputStream(values)).toList()));
        InputStream counted = new java.io.FilterInputStream(new SequenceInputStream(text("{\"x\":["), many)) {
            @Override
            public int read(byte[] bytes, int from, int length) throws java.io.IOException {
                int some = super.read(bytes, from, length);
                asked[0] += some;
                return some;
            }
        };
        long[] atEntrance = {0};
        Bounded bounded = new Bounded(counted, MOST, () -> atEntrance[0] = asked[0]);
        assertThatThrownBy(() -> Json.request(bounded)).isInstanceOfSatisfying(ScimError.class, error -> assertThat(error.status()).isEqualTo(413)).hasMessageContaining("more than 1000000 values");
        assertThat(atEntrance[0]).as("large ones wait for their turn in the middle of the stream").isBetween(1L << 20, (1L << 20) + 100_000);
        assertThat(asked[0]).as("what is left is thrown away, so that the client hears the answer").isGreaterThan(14_000_000);
    }

    @Test
    void a_body_that_comes_byte_by_byte_is_given_up_after_a_minute_and_so_is_what_is_thrown_away_of_it() {
        long[] clock = {0};
        long[] left = {Long.MAX_VALUE};
        InputStream trickle = new InputStream() { // a blank a second, without end
            @Override
            public int read() {
                left[0]--;
                clock[0] += Duration.ofSeconds(1).toNanos();
                return ' ';
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                bytes[from] = (byte) read();
                return 1;
            }
        };
        long[] places = {0};
        Bounded slow = new Bounded(new SequenceInputStream(text("{\"x\":\"" + "y".repeat(2 << 20) + "\","), trickle), MOST, () -> {
            places[0]++;
            clock[0] += Duration.ofSeconds(20).toNanos();
        }, () -> clock[0]);
        assertThatThrownBy(() -> Json.request(slow)).isInstanceOfSatisfying(ScimError.class, error -> assertThat(error.status()).isEqualTo(408)).hasMessageContaining("within 60 s");
        assertThat(places[0]).isOne();
        assertThat(Long.MAX_VALUE - left[0]).as("its turn does not count, and nothing more is waited for").isBetween(60L, 63L);
    }

    @Test
    void what_is_no_object_is_400_and_what_comes_after_the_end_too() {
        for (String bad : List.of("", "null", "[]", "1", "{", "{}{}", "{\"a\":}", "{\"a\":1e}")) {
            assertRefused(400, text(bad), "");
        }
        assertThat(new Body(text("{\"a\":null,\"b\":1,\"c\":1.5,\"d\":[],\"e\":{},\"f\":[{\"g\":true}],\"h\":12345678901234567890}")).object(MOST).toString())
                .isEqualTo("{a=null, b=1, c=1.5, d=[], e={}, f=[{g=true}], h=12345678901234567890}");
    }

    @Test
    void of_large_bodies_only_so_many_are_at_work_at_once_and_small_ones_do_not_wait() {
        LargeBodies one = new LargeBodies(1, Duration.ofMillis(50));
        Body first = new Body(ofBytes(2 << 20), one);
        first.object(MOST);
        assertThatThrownBy(() -> new Body(ofBytes(2 << 20), one).object(MOST)).isInstanceOfSatisfying(ScimError.class, error -> assertThat(error.status()).isEqualTo(503));
        assertThat(new Body(ofBytes(1 << 20), one).object(MOST)).hasSize(1);
        first.close();
        first.close();
        Body next = new Body(ofBytes(2 << 20), one);
        assertThat(next.object(MOST)).hasSize(1);
        assertThatThrownBy(() -> new Body(ofBytes(2 << 20), one).object(MOST)).as("closed twice, left once").isInstanceOf(ScimError.class);
    }

    @Test
    void a_log_entry_of_the_largest_body_stays_small() {
        Map<String, Object> wide = new Body(text("{" + String.join(",", IntStream.range(0, 20_000).mapToObj(i -> "\"k" + i + "\":{\"a\":[1,2]}").toList()) + "}")).object(MOST);
        assertThat(Masked.of(wide).toString()).hasSizeLessThan(10_000).contains("more");
        assertThat(Masked.of(Map.of("n".repeat(1_000), "x")).toString()).hasSizeLessThan(300);
    }

    @Test
    void nothing_of_a_person_is_left_wherever_a_client_puts_it() {
        String ada = "ada@acme.com";
        for (String body : List.of("{'op':'ADA'}", "{'path':'ADA'}", "{'path':'emails[value eq ADA].value'}", "{'path':'emails[value eq \\'ADA\\'].value'}", "{'path':'emails[value eq \\\"a\\\\\\\"ADA\\\"].value'}", "{'path':'/Users/ADA'}",
                "{'path':'/Users/x?filter=ADA'}", "{'path':'ADA[x eq 1]'}", "{'ADA':1}", "{'type':'ADA'}", "{'schemas':['ADA']}", "{'method':'ADA'}", "{'resourceType':'ADA'}", "{'value':['ADA',{'value':'ADA'}]}", "{'emails[value eq ADA]':1}")) {
            String json = body.replace("\\'", "\u0001").replace('\'', '"').replace('\u0001', '\'').replace("ADA", ada);
            assertThat(Masked.of(new Body(text(json)).object(MOST)).toString()).as(json).doesNotContain("ada", "acme");
        }
        for (String path : List.of("/lab/Users/ADA", "/lab/users/ADA", "/lab/ADA", "/ADA/Users", "/lab/Me/ADA", "/lab/Schemas/ADA", "/lab/%55sers/ADA", "//lab//Users//ADA", "/lab/Users/x/ADA", "/lab/Users;ADA", "/lab/Users%2FADA")) {
            assertThat(Shown.path(path.replace("ADA", ada))).as(path).doesNotContain("ada@");
        }
        assertThat(Shown.path("/lab/Users/2819c223-7f76-453a-919d-413861904646")).isEqualTo("/lab/Users/2819c223-7f76-453a-919d-413861904646");
        assertThat(Shown.path("/lab/Groups/.search")).isEqualTo("/lab/Groups/.search");
        assertThat(Shown.path("/lab/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")).isEqualTo("/lab/Schemas/urn:ietf:params:scim:schemas:core:2.0:User");
    }

    private static void assertRefused(int status, InputStream body, String why) {
        assertThatThrownBy(() -> new Body(body).object(MOST)).isInstanceOfSatisfying(ScimError.class, error -> assertThat(error.status()).isEqualTo(status)).hasMessageContaining(why);
    }

    /** A body of exactly so many bytes. */
    private static InputStream ofBytes(int bytes) {
        return text("{\"x\":\"" + "y".repeat(bytes - 8) + "\"}");
    }

    private static InputStream nested(int levels) {
        return text("{\"x\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}");
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
