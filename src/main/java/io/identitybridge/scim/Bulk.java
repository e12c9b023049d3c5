package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * An operation waits for those that create what it refers to by bulkId, also when they stand behind it; of those that wait for each other
 * in a circle one is made without what it cannot know yet, and told the rest by a PATCH (3.7.1). At most 1,000 operations in 1 MiB.
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
    private final List<ScimServer.Leaver> leavers = new ArrayList<>();
    /** What was made without some of its references: by its place, the bulkIds that it still has to hear of. */
    private final Map<Integer, Set<String>> incomplete = new LinkedHashMap<>();
    private Optional<ScimError> halted = Optional.empty();
    private int refused;
    private int away;
    private int now;
    private boolean completing;
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

    /** Who would have left by operations that were refused before they were requests of their own. */
    public List<ScimServer.Leaver> leavers() {
        return List.copyOf(leavers);
    }

    /** The next operation as a request of its own; empty when all are done, or as many have failed as {@code failOnErrors} says. */
    public Optional<ScimRequest> next() {
        Optional<ScimRequest> rest = rest();
        if (rest.isPresent()) {
            return rest;
        }
        for (int i = 0; i < operations.size(); i++) {
            while (!results.containsKey(i)) {
                if (refused >= failOnErrors) {
                    List.copyOf(incomplete.keySet()).forEach(this::unfinished);
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
        repairs.addAll(answer.notes().repairs());
        away = answer.status() == 503 ? away + 1 : 0;
        if (completing) {
            completed(answer);
        } else {
            tried(answer);
        }
        if (away == AWAY) { // one may be unlucky; the others would only wait for the same
            halted = Optional.of(ScimError.unavailable("not tried: " + AWAY + " operations before it were answered 503, one after the other"));
        }
    }

    private void tried(ScimOutcome.Answer answer) {
        BulkOperation operation = operations.get(now);
        boolean made = operation.method().equals("POST") && answer.status() < 300;
        if (made) {
            location = answer.headers().get("Location");
            operation.bulkId().ifPresent(id -> ids.put(id, location.substring(location.lastIndexOf('/') + 1)));
        }
        result(now, answer, made || !operation.method().equals("POST") ? Optional.of(location) : Optional.empty());
        if (!made) {
            incomplete.remove(now);
        }
    }

    /** What the PATCH of the rest came to: a failure is the operation's own, though its resource is there. */
    private void completed(ScimOutcome.Answer answer) {
        completing = false;
        if (answer.status() >= 400) {
            result(now, answer, Optional.of(location));
            return;
        }
        results.get(now).remove("version");
        Optional.ofNullable(answer.headers().get("ETag")).ifPresent(version -> results.get(now).put("version", version));
    }

    /** The rest of what was made without some of its references, as soon as those are known. */
    private Optional<ScimRequest> rest() {
        for (int index : List.copyOf(incomplete.keySet())) {
            Set<String> missing = incomplete.get(index);
            if (!results.containsKey(index) || !missing.stream().allMatch(id -> results.containsKey(makers.get(id)))) {
                continue;
            }
            if (halted.isPresent() || !ids.keySet().containsAll(missing)) {
                unfinished(index);
                continue;
            }
            incomplete.remove(index);
            completing = true;
            now = index;
            location = (String) results.get(index).get("location");
            return Optional.of(alone("PATCH", location.substring(request.base().length()), Map.of(), Json.bytes(operations.get(index).rest(missing, ids))));
        }
        return Optional.empty();
    }

    private void unfinished(int index) {
        incomplete.remove(index);
        if (results.containsKey(index)) {
            result(index, ScimError.conflict("it is made, but without what it refers to by bulkId in a circle: that was refused, or not tried").answer(Notes.NONE), Optional.of((String) results.get(index).get("location")));
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
        Set<String> circle = new LinkedHashSet<>();
        for (String id : operation.references()) {
            Integer maker = makers.get(id);
            if (maker == null) {
                return refuse(index, ScimError.conflict("it refers to a bulkId that no POST of this Bulk has"));
            }
            if (waiting.contains(maker)) {
                circle.add(id);
                continue;
            }
            if (!results.containsKey(maker)) {
                return due(maker, waiting);
            }
            if (!ids.containsKey(id)) {
                return refuse(index, ScimError.conflict("it refers by bulkId to an operation that was refused"));
            }
        }
        if (!circle.isEmpty()) {
            incomplete.put(index, circle);
        }
        return request(index, operation);
    }

    private Optional<ScimRequest> request(int index, BulkOperation operation) {
        try {
            operation.check();
            BulkOperation whole = operation.resolved(ids::get);
            ScimRequest alone = alone(whole.method(), "/" + source + whole.path(), whole.version().map(version -> Map.of("if-match", version)).orElse(Map.of()), whole.body());
            now = index;
            location = request.base() + alone.path();
            return Optional.of(alone);
        } catch (ScimError wrong) {
            return refuse(index, wrong);
        }
    }

    private ScimRequest alone(String method, String path, Map<String, String> headers, byte[] body) {
        return new ScimRequest(request.id(), method, path, "excludedAttributes=members", headers, Body.of(body), request.remote(), request.base());
    }

    private Optional<ScimRequest> refuse(int index, ScimError why) {
        incomplete.remove(index);
        ScimServer.leaver(why, source, operations.get(index)).ifPresent(leavers::add);
        result(index, why.answer(Notes.NONE), Optional.empty());
        return Optional.empty();
    }

    private void result(int index, ScimOutcome.Answer answer, Optional<String> location) {
        BulkOperation operation = operations.get(index);
        Map<String, Object> result = new LinkedHashMap<>();
        if (!operation.method().isEmpty()) {
            result.put("method", operation.method());
        }
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
