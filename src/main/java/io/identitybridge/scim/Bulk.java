package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A Bulk at work (RFC 7644, 3.7): several changes one after the other, each as if it had been sent alone, so that none undoes another.
 * An operation waits for those that create what it refers to by bulkId, also when they stand behind it; those that wait for each other
 * in a circle are refused with 409. At most 1,000 operations in 1 MiB.
 */
public final class Bulk {
    static final int MOST = 1_000;
    static final int LONGEST = 1 << 20;
    private static final int AWAY = 3;
    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    private final SourceName source;
    private final ScimRequest request;
    private final Map<String, Object> body;
    private final List<BulkOperation> operations;
    private final long failOnErrors;
    private final Map<String, Integer> makers = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<Integer, Map<String, Object>> results = new TreeMap<>();
    private final Set<String> repairs = new LinkedHashSet<>();
    private Optional<ScimError> halted = Optional.empty();
    private int refused;
    private int away;
    private int now;
    private String location = "";

    private Bulk(SourceName source, ScimRequest request, Map<String, Object> body, List<BulkOperation> operations, long failOnErrors) {
        this.source = source;
        this.request = request;
        this.body = body;
        this.operations = operations;
        this.failOnErrors = failOnErrors;
    }

    static Bulk of(SourceName source, ScimRequest request) {
        Map<String, Object> body = request.body().object(LONGEST);
        if (!(Operation.member(body, "Operations") instanceof List<?> list)) {
            throw ScimError.invalidSyntax("a Bulk has a list 'Operations'");
        }
        if (list.size() > MOST) {
            throw ScimError.tooLarge("more than " + MOST + " operations in one Bulk");
        }
        Object most = Operation.member(body, "failOnErrors");
        if (most != null && !(most instanceof Long number && number > 0)) {
            throw ScimError.invalidValue("'failOnErrors' is a whole number from 1");
        }
        Bulk bulk = new Bulk(source, request, body, list.stream().map(BulkOperation::of).toList(), most == null ? Long.MAX_VALUE : (Long) most);
        bulk.nameMakers();
        return bulk;
    }

    public SourceName source() {
        return source;
    }

    /** The next operation as a request of its own; empty when all are done, or as many have failed as {@code failOnErrors} says. */
    public Optional<ScimRequest> next() {
        for (int i = 0; i < operations.size(); i++) {
            while (!results.containsKey(i)) {
                if (refused >= failOnErrors) {
                    return Optional.empty();
                }
                Optional<ScimRequest> due = halted.isPresent() ? refuse(i, halted.get()) : due(i, new LinkedHashSet<>());
                if (due.isPresent()) {
                    return due;
                }
            }
        }
        return Optional.empty();
    }

    /** What the request that {@link #next} gave came to. */
    public void done(ScimOutcome.Answer answer) {
        BulkOperation operation = operations.get(now);
        boolean made = operation.method().equals("POST") && answer.status() < 300;
        if (made) {
            location = answer.headers().get("Location");
            operation.bulkId().ifPresent(id -> ids.put(id, location.substring(location.lastIndexOf('/') + 1)));
        }
        repairs.addAll(answer.notes().repairs());
        result(now, answer, made || !operation.method().equals("POST") ? Optional.of(location) : Optional.empty());
        away = answer.status() == 503 ? away + 1 : 0;
        if (away == AWAY) { // one may be unlucky; the others would only wait for the same
            halted = Optional.of(ScimError.unavailable("not tried: " + AWAY + " operations before it were answered 503, one after the other"));
        }
    }

    /** What each operation came to, in the order of the request; those not tried are left out. */
    public ScimOutcome.Answer answer() {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("schemas", List.of(SCHEMA));
        response.put("Operations", List.copyOf(results.values()));
        String counts = "bulk of " + operations.size() + ": " + (results.size() - refused) + " done, " + refused + " refused" + (results.size() < operations.size() ? ", " + (operations.size() - results.size()) + " not tried" : "");
        return Answers.json(200, Map.of(), response, new Notes(Optional.of(source.value()), counts, Optional.empty(), List.copyOf(repairs), Optional.of(Masked.of(body))));
    }

    private void nameMakers() {
        for (int i = 0; i < operations.size(); i++) {
            int at = i;
            operations.get(i).bulkId().filter(id -> operations.get(at).method().equals("POST")).ifPresent(id -> {
                if (makers.put(id, at) != null) {
                    throw ScimError.invalidValue("two operations of a Bulk have the same 'bulkId'");
                }
            });
        }
    }

    /** This operation, or one that must go before it; empty where that has shown that it cannot be done. */
    private Optional<ScimRequest> due(int index, Set<Integer> waiting) {
        BulkOperation operation = operations.get(index);
        waiting.add(index);
        for (String id : operation.references()) {
            Integer maker = makers.get(id);
            if (maker == null) {
                return refuse(index, ScimError.conflict("it refers to a bulkId that no POST of this Bulk has"));
            }
            if (waiting.contains(maker)) {
                return refuse(index, ScimError.conflict("it refers by bulkId, in a circle, to an operation that waits for it"));
            }
            if (!results.containsKey(maker)) {
                return due(maker, waiting);
            }
            if (!ids.containsKey(id)) {
                return refuse(index, ScimError.conflict("it refers by bulkId to an operation that was refused"));
            }
        }
        return request(index, operation);
    }

    private Optional<ScimRequest> request(int index, BulkOperation operation) {
        try {
            operation.check();
            BulkOperation whole = operation.resolved(ids::get);
            ScimRequest alone = new ScimRequest(request.id(), whole.method(), "/" + source + whole.path(), "excludedAttributes=members", whole.version().map(version -> Map.of("if-match", version)).orElse(Map.of()),
                    Body.of(whole.body()), request.remote(), request.base());
            now = index;
            location = request.base() + alone.path();
            return Optional.of(alone);
        } catch (ScimError wrong) {
            return refuse(index, wrong);
        }
    }

    private Optional<ScimRequest> refuse(int index, ScimError why) {
        result(index, why.answer(Notes.NONE), Optional.empty());
        return Optional.empty();
    }

    private void result(int index, ScimOutcome.Answer answer, Optional<String> location) {
        BulkOperation operation = operations.get(index);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("method", operation.method());
        operation.bulkId().ifPresent(id -> result.put("bulkId", id));
        Optional.ofNullable(answer.headers().get("ETag")).ifPresent(version -> result.put("version", version));
        location.ifPresent(at -> result.put("location", at));
        result.put("status", String.valueOf(answer.status()));
        if (answer.status() >= 400) {
            refused++;
            result.put("response", Json.stored(new String(answer.body(), StandardCharsets.UTF_8)));
        }
        results.put(index, result);
    }
}
