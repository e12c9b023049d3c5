package io.identitybridge.flow;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Requests that no client sends and an attacker might: near the grammar of SCIM, and far from it. The same for the same seed. */
final class ScimFuzz {
    private static final List<String> ATTRIBUTES = List.of("userName", "USERNAME", "displayName", "active", "emails", "emails.value", "emails[type eq \"work\"].value", "name.givenName", "roles", "members", "members[value eq \"x\"]",
            "id", "meta", "meta.lastModified", "schemas", "groups", "password", "externalId", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "urn:x:y", "nothing", "a.b.c", "", "addresses[type eq \"work\" and primary eq true].locality", "$ref", "x509Certificates", "name", "phoneNumbers[not (type pr)]", "emails[value[type pr]].value", "members[value[type pr]]", "members.value", "emails.primary", "name[givenName eq \"x\"]", "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:User:title", "emails[", "emails[]", "emails[type eq]", "'", "\"", "%", "\\");
    private static final List<String> OPERATORS = List.of("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "EQ", "xx", "", "=");
    private static final List<String> VALUES = List.of("\"x\"", "\"\"", "true", "null", "1", "-1", "1e999", "\"\\u0000\"", "\"\\ud800\"", "\"a\\\"b\"", "\"' OR 1=1 --\"", "\"%\"", "\"2026-01-01T00:00:00Z\"", "{}", "[", "\"", "\"\\", "😀", "\"é\u0301\"");
    private static final List<String> JSON = List.of("null", "true", "false", "\"true\"", "0", "-0.0", "1e400", "99999999999999999999999999", "\"\"", "\"x\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u001f\"", "[]", "{}", "[[]]",
            "[null]", "[{}]", "{\"value\":null}", "[{\"value\":\"x\",\"primary\":true},{\"value\":\"y\",\"primary\":\"True\"}]", "[\"x\",\"y\"]", "{\"value\":{\"value\":\"x\"}}", "\"" + "y".repeat(2_000) + "\"", "\"💥\"", "\"a@acme.com\"");
    private static final List<String> KEYS = List.of("userName", "USERNAME", "externalId", "displayName", "active", "emails", "name", "roles", "members", "schemas", "id", "meta", "groups", "password", "title", "x", "name.givenName",
            "emails[type eq \\\"work\\\"].value", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "", "\\u0000", "\\ud800", "Operations", "addresses", "ims", "photos");

    private static final List<String> CURSORS = List.of("", "x", "MR8", "\u0000", "MR9hH1VTRVIfMR8fPh8", "=", "a".repeat(5_000));

    private final Random random;
    private final Supplier<String> someId;

    ScimFuzz(long seed, Supplier<String> someId) {
        this.random = new Random(seed);
        this.someId = someId;
    }

    /** @param path below the base, already encoded */
    record Request(String method, String path, String body) {
    }

    Request next() {
        String type = one(List.of("/Users", "/Users", "/Groups", "/Groups", "/Schemas", "/Nothing", "/Bulk", "/Me", "/Users/.search", "/Groups/.search", "/.search", "/ServiceProviderConfig", "//Users", ""));
        return switch (random.nextInt(10)) {
            case 8 -> new Request("POST", one(List.of("/Users/.search", "/Groups/.search", "/.search")), broken(search()));
            case 9 -> new Request("POST", "/Bulk", broken(bulk()));
            case 0, 1 -> new Request("GET", type + query(), "");
            case 2 -> new Request("GET", type + "/" + id() + query(), "");
            case 3, 4 -> new Request("POST", type, broken(resource()));
            case 5 -> new Request("PUT", type + "/" + id(), broken(resource()));
            case 6 -> new Request("PATCH", type + "/" + id(), broken(patch()));
            default -> new Request(one(List.of("DELETE", "HEAD", "PATCH", "POST")), type + "/" + id() + (random.nextInt(9) == 0 ? "/x" : ""), random.nextBoolean() ? "" : patch());
        };
    }

    private String id() {
        return random.nextInt(3) > 0 ? someId.get() : encoded(one(List.of("x", "..", "00000000-0000-0000-0000-000000000000", "%", "'", "1-1-1-1-1", "\u0000", "é", "a".repeat(300))));
    }

    private String query() {
        StringBuilder query = new StringBuilder("?");
        for (int i = random.nextInt(4); i > 0; i--) {
            query.append(switch (random.nextInt(7)) {
                case 0, 1, 2 -> "filter=" + encoded(filter(0));
                case 3 -> "count=" + encoded(one(List.of("0", "-1", "1", "5", "100000", "x", "", "99999999999999999999")));
                case 4 -> "startIndex=" + encoded(one(List.of("0", "-5", "1", "9223372036854775807", "y")));
                case 5 -> one(List.of("attributes=", "excludedAttributes=")) + encoded(one(ATTRIBUTES) + "," + one(ATTRIBUTES));
                default -> one(List.of("aadOptscim062020", "cursor", "cursor=" + encoded(one(CURSORS)), "=", "filter", "sortBy=" + encoded(one(ATTRIBUTES)), "sortBy=" + encoded(one(ATTRIBUTES)) + "&cursor&sortOrder=descending", "sortOrder=" + one(List.of("ascending", "x", "")), "%", "a=%zz"));
            }).append('&');
        }
        return query.toString().replace("%&", "%25&").replace("%zz", "%25zz");
    }

    private String filter(int depth) {
        if (depth > 4 || random.nextInt(3) > 0) {
            return one(ATTRIBUTES) + " " + one(OPERATORS) + " " + one(VALUES);
        }
        return switch (random.nextInt(5)) {
            case 0 -> "not (" + filter(depth + 1) + ")";
            case 1 -> "(" + filter(depth + 1) + (random.nextInt(9) == 0 ? "" : ")");
            case 2 -> one(ATTRIBUTES) + "[" + filter(depth + 1) + "]";
            default -> filter(depth + 1) + one(List.of(" and ", " or ", " AND ", " xor ")) + filter(depth + 1);
        };
    }

    private String resource() {
        StringBuilder body = new StringBuilder("{");
        if (random.nextInt(4) > 0) {
            body.append("\"userName\":\"f").append(random.nextInt(50)).append("@acme.com\",\"displayName\":\"ws-F").append(random.nextInt(9)).append("-role-member\",");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            body.append('"').append(one(KEYS)).append("\":").append(one(JSON)).append(',');
        }
        return body.append("\"title\":\"x\"}").toString();
    }

    private String patch() {
        StringBuilder body = new StringBuilder("{\"Operations\":[");
        int operations = 1 + random.nextInt(4);
        for (int i = 0; i < operations; i++) {
            body.append(i == 0 ? "" : ",").append("{\"op\":").append(one(List.of("\"add\"", "\"Replace\"", "\"remove\"", "\"x\"", "null", "1")));
            if (random.nextInt(3) > 0) {
                body.append(",\"path\":\"").append(one(ATTRIBUTES).replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            }
            if (random.nextInt(4) > 0) {
                body.append(",\"value\":").append(random.nextBoolean() ? one(JSON) : random.nextBoolean() ? "[{\"value\":\"" + someId.get() + "\"}]" : resource());
            }
            body.append('}');
        }
        return body.append("]}").toString();
    }

    private String search() {
        return "{\"filter\":" + quoted(filter(0)) + ",\"sortBy\":" + one(List.of(quoted(one(ATTRIBUTES)), one(JSON))) + ",\"count\":" + one(List.of("1", "5", "0", "-1", "\"2\"", one(JSON)))
                + (random.nextBoolean() ? ",\"cursor\":" + one(List.of("\"\"", quoted(one(CURSORS)), one(JSON))) : ",\"startIndex\":" + one(JSON)) + ",\"attributes\":[" + quoted(one(ATTRIBUTES)) + "," + one(JSON) + "]}";
    }

    private String bulk() {
        StringBuilder body = new StringBuilder("{\"failOnErrors\":" + one(List.of("1", "5", "null", "99", one(JSON))) + ",\"Operations\":[");
        for (int i = random.nextInt(5); i >= 0; i--) {
            String path = one(List.of("/Users", "/Groups", "/Users/" + someId.get(), "/Groups/bulkId:a", "/Users/bulkId:b", "/Me", "/Bulk", "", "x", "\\ud800", "/Users/%", "/Users/.search"));
            body.append("{\"method\":").append(one(List.of("\"POST\"", "\"put\"", "\"PATCH\"", "\"DELETE\"", "\"GET\"", one(JSON)))).append(",\"path\":\"").append(path).append("\",\"bulkId\":").append(one(List.of("\"a\"", "\"b\"", "null", one(JSON))))
                    .append(",\"data\":").append(one(List.of(resource(), patch(), "{\"displayName\":\"g" + random.nextInt(9) + "\",\"members\":[{\"value\":\"bulkId:a\"},{\"value\":\"bulkId:b\"}]}", one(JSON)))).append('}').append(i == 0 ? "" : ",");
        }
        return body.append("]}").toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String broken(String body) {
        return switch (random.nextInt(30)) {
            case 0 -> body.substring(0, random.nextInt(body.length()));
            case 1 -> body + body;
            case 2 -> "[".repeat(random.nextInt(60)) + body;
            case 3 -> body.replace(':', one(List.of(" ", "::", "=")).charAt(0));
            default -> body;
        };
    }

    private String one(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
