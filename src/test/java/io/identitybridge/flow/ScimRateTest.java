package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.scim.ScimRate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The rate limit of a bridge at its lowest, over real HTTP. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class ScimRateTest {
    @TempDir
    static Path folder;
    static TestBridge bridge;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        bridge = TestBridge.start(BridgeFiles.of(folder, "lab", "okta", "entra"), folder, "bridge.scim.rate=25");
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @Test
    void a_source_that_is_too_fast_is_told_when_to_go_on_and_others_are_not() {
        HttpResponse<String> slow = first(429, send("lab", bridge.token("lab"), 200));
        assertThat(slow.body()).contains("urn:ietf:params:scim:api:messages:2.0:Error", "\"status\":\"429\"");
        assertThat(slow.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type).startsWith("application/scim+json"));
        assertThat(slow.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(send("okta", bridge.token("okta"), 1)).allMatch(answer -> answer.statusCode() == 200);
        TestBridge.pause(1_000);
        assertThat(send("lab", bridge.token("lab"), 1)).as("after Retry-After").allMatch(answer -> answer.statusCode() == 200);
    }

    @Test
    void who_has_no_token_uses_up_nobodys_allowance() {
        List<HttpResponse<String>> guesses = send("entra", "pib_" + "x".repeat(43), 200);
        assertThat(guesses).extracting(HttpResponse::statusCode).contains(401, 429).containsOnly(401, 429);
        assertThat(first(429, guesses).headers().firstValue("Retry-After")).hasValue("1");
        assertThat(send("entra", bridge.token("entra"), 20)).as("from the same address").allMatch(answer -> answer.statusCode() == 200);
    }

    @Test
    void a_rate_out_of_bounds_ends_the_start_and_says_what_to_set(CapturedOutput log) {
        for (String bad : List.of("24", "0", "-1", "many", "", "99999999999")) {
            assertThatThrownBy(() -> ScimRate.of(bad)).hasMessage("BRIDGE_SCIM_RATE is '" + bad + "'");
        }
        assertThatThrownBy(() -> TestBridge.start(BridgeFiles.of(folder.resolve("bad"), "lab"), folder.resolve("bad"), "bridge.scim.rate=24"));
        assertThat(log.getAll()).contains("BRIDGE_SCIM_RATE is '24'", "from 25 to 1000000");
    }

    private static HttpResponse<String> first(int status, List<HttpResponse<String>> answers) {
        return answers.stream().filter(answer -> answer.statusCode() == status).findFirst().orElseThrow();
    }

    /** So many requests at once. */
    private List<HttpResponse<String>> send(String source, String token, int times) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(bridge.scimBase(source) + "/ServiceProviderConfig")).header("Authorization", "Bearer " + token).build();
        return IntStream.range(0, times).mapToObj(i -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString())).toList().stream().map(CompletableFuture::join).toList();
    }
}
