package io.identitybridge.bench;

import io.identitybridge.bench.ScimLoad.Calls;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an IdP's client sends. Of the seeded people (see {@link ScimBench}) the first third is in the big groups; the next tenth is switched off and
 * on; the others come into groups.
 */
final class ScimCalls {
    private final List<String> people;
    private final Map<String, String> groups;
    private final String run = Long.toString(System.nanoTime(), 36);
    private final int[] switched = new int[ScimLoad.CONNECTIONS];
    private final int[] joined = new int[ScimLoad.CONNECTIONS];

    ScimCalls(List<String> people, Map<String, String> groups) {
        this.people = people;
        this.groups = groups;
    }

    Calls create(Wire wire, int connection) {
        return n -> expect(201, wire.send("POST", "/Users", ScimBench.user(run + "-" + n, "new" + run + "." + n)));
    }

    /** Each connection has people of its own: all off, all on, and so on. */
    Calls active(Wire wire, int connection) {
        int first = people.size() / 3;
        int each = people.size() / 10 / ScimLoad.CONNECTIONS;
        return n -> {
            int turn = switched[connection]++;
            expect(200, wire.send("PATCH", "/Users/" + people.get(first + connection * each + turn % each),
                    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":" + (turn / each % 2 == 1) + "}]}"));
        };
    }

    Calls read(Wire wire, int connection) {
        return n -> expect(200, wire.send("GET", "/Users/" + people.get(any(n)), ""));
    }

    Calls filter(Wire wire, int connection) {
        return n -> expect(200, wire.send("GET", "/Users?filter=userName%20eq%20%22" + ScimBench.name(any(n)) + "%22", ""));
    }

    /** A hundred more into the connection's own group, until everybody is in it. */
    Calls members(Wire wire, int connection) {
        String group = groups.get("load" + connection);
        int first = people.size() / 2;
        return n -> {
            int from = first + joined[connection]++ * 100 % (people.size() / 2 - 100);
            expect(204, wire.send("PATCH", "/Groups/" + group, add(people.subList(from, from + 100))));
        };
    }

    Calls big(Wire wire, int connection) {
        return one(wire, "big");
    }

    Calls small(Wire wire, int connection) {
        return one(wire, "small");
    }

    private Calls one(Wire wire, String kind) {
        int first = people.size() / 2;
        return n -> expect(204, wire.send("PATCH", "/Groups/" + groups.get(kind + n % ScimBench.GROUPS), add(List.of(people.get((int) (first + n % (people.size() / 2)))))));
    }

    private static String add(List<String> members) {
        return "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":["
                + members.stream().map(id -> "{\"value\":\"" + id + "\"}").collect(Collectors.joining(",")) + "]}]}";
    }

    /** Spreads numbers that follow each other over all people. */
    private int any(long n) {
        return (int) (n * 7_919 % people.size());
    }

    private static void expect(int wanted, int status) {
        if (status != wanted) {
            throw new IllegalStateException("answered " + status + " for " + wanted);
        }
    }
}
