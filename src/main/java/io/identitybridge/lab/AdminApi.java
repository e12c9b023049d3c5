package io.identitybridge.lab;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Portkey's Admin API: which family answers, and which scope the key must have. */
final class AdminApi {
    /** What an Admin key can be given; the last is ours, because Portkey says of its SCIM mappings only that they want organisation admin access. */
    static final Set<String> SCOPES = scopes();
    private static final String SCIM = "scim";

    /** What answers one part of the API; a write may change the state that it is given. */
    interface Family {
        Answer answer(Call call, List<String> parts, PortkeyWrites writes);
    }

    private final PortkeyLog log;
    private final String organisation;

    AdminApi(PortkeyLog log, String organisation) {
        this.log = log;
        this.organisation = organisation;
    }

    /** @param scopes what the caller's key may do */
    Answer answer(Call call, Set<String> scopes, PortkeyWrites writes) {
        List<String> parts = call.parts();
        Family family = family(parts);
        if (!scopes.contains(scope(call.method(), parts))) {
            throw Refusal.forbidden();
        }
        return family.answer(call, parts, writes);
    }

    private Family family(List<String> parts) {
        return switch (parts.getFirst()) {
            case "admin" -> switch (parts.size() < 2 ? "" : parts.get(1)) {
                case "users" -> parts.size() > 2 && parts.get(2).equals("invites") ? AdminInvites::answer : AdminUsers::answer;
                case "workspaces" -> parts.size() > 3 ? AdminMembers::answer : AdminWorkspaces::answer;
                default -> throw Refusal.notFound("/" + String.join("/", parts));
            };
            case SCIM -> AdminMappings::answer;
            case "api-keys" -> AdminKeys::answer;
            case "audit-logs" -> (call, path, writes) -> AdminAuditLogs.answer(call, log, organisation);
            default -> throw Refusal.notFound("/" + String.join("/", parts));
        };
    }

    private static String scope(String method, List<String> parts) {
        return switch (parts.getFirst()) {
            case SCIM -> SCIM;
            case "audit-logs" -> "audit_logs.list";
            case "api-keys" -> "workspace_user_api_keys." + action(method, parts.size() == 1);
            default -> parts.contains("workspaces") ? parts.size() > 3 ? "workspace_users." + action(method, parts.size() == 4) : "workspaces." + action(method, parts.size() == 2)
                    : "organisation_users." + action(method, parts.getLast().equals("users") || parts.getLast().equals("invites"));
        };
    }

    private static String action(String method, boolean collection) {
        return switch (method) {
            case "GET" -> collection ? "list" : "read";
            case "POST" -> "create";
            case "PUT" -> "update";
            default -> "delete";
        };
    }

    private static Set<String> scopes() {
        Set<String> all = new TreeSet<>(Set.of("audit_logs.list", SCIM));
        Stream.of("organisation_users", "workspaces", "workspace_users", "workspace_user_api_keys").forEach(what -> Stream.of("create", "read", "update", "delete", "list").forEach(how -> all.add(what + "." + how)));
        return Set.copyOf(all);
    }

    /** A method that an address does not have. */
    static Refusal noSuchMethod(Call call) {
        return new Refusal(404, "AB08", "no " + call.method() + " " + call.path());
    }
}
