package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is sent: an answer in SCIM's words, no fault of the bridge, nothing of its inside, and nothing of it left in memory. */
class ScimFuzzTest {
    /** What the heap may have grown by in the quarter of the requests in which it grew least: a leak grows in each, while caches fill once, the test's own client's too. */
    private static final long SLACK = 8L << 20;
    private static final int MANY = 10_000;
    private static final Pattern INSIDE = Pattern.compile("Exception|\\bat [a-z]+\\.[a-z]+|io\\.identitybridge|org\\.(postgresql|springframework|apache)|java\\.|SQL|relation ");
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab");
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> ids = new ArrayList<>(List.of("00000000-0000-7000-8000-000000000000"));

    @Test
    void a_thousand_odd_requests_are_answered_in_scims_words() throws Exception {
        run(1_000);
    }

    @Test
    @Tag("real")
    void a_hundred_thousand_odd_requests_are_answered_in_scims_words() throws Exception {
        List<Long> heaps = run(100_000); // no other class runs beside it
        System.out.println("heap after each quarter: " + heaps.stream().map(bytes -> (bytes >> 20) + " MiB").toList());
        assertThat(IntStream.range(1, heaps.size()).mapToLong(i -> heaps.get(i) - heaps.get(i - 1)).min().orElseThrow()).as("bytes that the requests of a quarter leave behind at least: %s", heaps).isLessThan(SLACK);
    }

    /** Gives the heap in use after each quarter of the requests, where they are many. */
    private List<Long> run(int requests) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ScimFuzz fuzz = new ScimFuzz(seed, () -> ids.get(random.nextInt(ids.size())));
        int[] statuses = new int[600];
        List<Long> heaps = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            if (requests >= MANY && i == (heaps.size() + 1) * (requests / 4)) {
                heaps.add(heap());
            }
            ScimFuzz.Request request = fuzz.next();
            HttpResponse<String> answer = send(request);
            statuses[answer.statusCode()]++;
            String shown = "seed " + seed + " request " + i + ": " + request.method() + " " + request.path() + " " + request.body() + " -> " + answer.statusCode() + " " + answer.body();
            assertThat(answer.statusCode()).as(shown).satisfiesAnyOf(status -> assertThat(status).isLessThan(500), status -> assertThat(status).isEqualTo(501));
            assertThat(answer.body()).as(shown).doesNotContain("\"status\":\"500\"");
            if (answer.statusCode() >= 400 && !request.method().equals("HEAD")) {
                assertThat(answer.body()).as(shown).contains("urn:ietf:params:scim:api:messages:2.0:Error").doesNotContainPattern(INSIDE);
            }
            Matcher made = ID.matcher(answer.statusCode() == 201 ? answer.body() : "");
            if (made.find()) {
                ids.set(ids.size() < 40 ? grown() : random.nextInt(ids.size()), made.group(1));
            }
        }
        StringBuilder counts = new StringBuilder();
        for (int status = 0; status < statuses.length; status++) {
            counts.append(statuses[status] == 0 ? "" : " " + status + ":" + statuses[status]);
        }
        System.out.println(requests + " requests:" + counts);
        assertThat(bridge.count("select count(*) from dead_letter where cause = 'BUG'")).isZero();
        if (requests >= MANY) {
            heaps.add(heap());
        }
        return heaps;
    }

    /** Bytes in use when nothing more can be let go: the least of several looks, since others work beside. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            TestBridge.pause(100);
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private int grown() {
        ids.add("");
        return ids.size() - 1;
    }

    private HttpResponse<String> send(ScimFuzz.Request request) throws Exception {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(bridge.scimBase("lab") + request.path())).timeout(Duration.ofSeconds(20)).header("Authorization", "Bearer " + bridge.token("lab")).header("Content-Type", "application/scim+json");
        return http.send(builder.method(request.method(), request.body().isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(request.body())).build(), HttpResponse.BodyHandlers.ofString());
    }
}
