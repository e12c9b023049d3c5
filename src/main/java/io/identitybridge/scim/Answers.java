package io.identitybridge.scim;

import java.util.HashMap;
import java.util.Map;

/** Answers as they go out. */
final class Answers {
    static final String TYPE = "application/scim+json;charset=utf-8";

    private Answers() {
    }

    static ScimOutcome.Answer json(int status, Map<String, String> headers, Object body, Notes notes) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", TYPE);
        return new ScimOutcome.Answer(status, all, Json.bytes(body), notes);
    }

    static ScimOutcome.Answer empty(int status, Map<String, String> headers, Notes notes) {
        return new ScimOutcome.Answer(status, headers, new byte[0], notes);
    }
}
