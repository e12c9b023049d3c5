package io.identitybridge.flow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.store.Raises;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * New letters of one cause as they leave the bridge: ids, counts and the words of mapping and flow, nothing that an IdP said of a person.
 *
 * @param adminUrl where people reach the admin listener, without a slash at its end
 */
record Raised(Raises.Raise raise, Optional<String> adminUrl) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For Camel's expressions: {@code DeadLetterId}, {@code DeadLetterCause} and so on. */
    Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("DeadLetterRaise", raise.id());
        headers.put("DeadLetterId", raise.letter());
        headers.put("DeadLetterCount", raise.letters());
        headers.put("DeadLetterOpen", raise.open());
        headers.put("DeadLetterCause", raise.cause());
        headers.put("DeadLetterSource", raise.source());
        headers.put("DeadLetterResource", raise.resource());
        headers.put("DeadLetterStep", raise.step());
        headers.put("DeadLetterGeneration", raise.generation());
        headers.put("DeadLetterRoute", route());
        headers.put("DeadLetterFingerprint", fingerprint());
        url().ifPresent(url -> headers.put("DeadLetterUrl", url));
        return headers;
    }

    /** The same as one object: {@code {"raise": 7, "letters": 12, "open": 12, "ids": [..], "id": 41, "source": "okta", ...}}. */
    String body() {
        ObjectNode json = JSON.createObjectNode().put("raise", raise.id()).put("letters", raise.letters()).put("open", raise.open());
        raise.ids().forEach(json.putArray("ids")::add);
        json.put("id", raise.letter()).put("cause", raise.cause()).put("source", raise.source()).put("resource", raise.resource()).put("step", raise.step())
                .put("generation", raise.generation()).put("route", route()).put("fingerprint", fingerprint());
        url().ifPresent(url -> json.put("url", url));
        return json.toString();
    }

    /** The route that failed, for an exchange that was parked; else the one that every change goes. */
    private String route() {
        return raise.resource().equals("exchange") ? raise.key() : raise.step().equals("publish") ? "publish" : "reconcile";
    }

    /** Cause, resource and attribute or rule in words; the rest, which may quote a person's values, as a hash. */
    private String fingerprint() {
        String[] parts = raise.fingerprint().split("\\|", 4);
        String words = parts.length < 4 ? raise.cause() + "|" + raise.resource() + "|" : parts[0] + "|" + parts[1] + "|" + parts[2];
        return words + "|" + hash(raise.fingerprint());
    }

    private Optional<String> url() {
        return adminUrl.map(url -> url + "/api/dead-letters/" + raise.letter());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }
}
