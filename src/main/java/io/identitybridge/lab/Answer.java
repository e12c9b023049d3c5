package io.identitybridge.lab;

import java.util.Map;

/** What a call is answered: a status and what is written as JSON; no body where it is "". */
record Answer(int status, Object body) {
    static Answer ok(Object body) {
        return new Answer(200, body);
    }

    /** {@code {}}, which most of the Admin API's writes say. */
    static Answer done() {
        return ok(Map.of());
    }
}
