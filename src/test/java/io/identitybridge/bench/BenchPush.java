package io.identitybridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.BridgeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** One push after the other beside something else; remembers the longest. */
class BenchPush {
    static final BenchPush NONE = new BenchPush("", "");
    private final HttpClient http = HttpClient.newHttpClient();
    private final String scim;
    private final String token;
    private int sent;
    private long longest;

    BenchPush(BridgeProcess bridge) throws IOException {
        this(bridge.scim(), new ObjectMapper().readTree(bridge.post("/api/sources/lab/tokens", "{}")).get("token").asText());
    }

    private BenchPush(String scim, String token) {
        this.scim = scim;
        this.token = token;
    }

    int sent() {
        return sent;
    }

    /** Milliseconds. */
    long longest() {
        return longest / 1_000_000;
    }

    void send() throws IOException {
        if (scim.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(URI.create(scim + "/scim/v2/lab/Users")).header("Authorization", "Bearer " + token).header("Content-Type", "application/scim+json")
                .POST(HttpRequest.BodyPublishers.ofString(ScimBench.user("pushed" + sent, "pushed." + sent))).build();
        try {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        sent++;
        longest = Math.max(longest, System.nanoTime() - begin);
    }
}
