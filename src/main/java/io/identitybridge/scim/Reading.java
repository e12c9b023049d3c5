package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Answers from what the store holds of one resource. */
final class Reading {
    private final ScimReads reads;
    private final BooleanSupplier usersNameGroups;

    /** @param usersNameGroups whether memberships come with users, who then show their groups */
    Reading(ScimReads reads, BooleanSupplier usersNameGroups) {
        this.reads = reads;
        this.usersNameGroups = usersNameGroups;
    }

    Optional<ScimRow> row(ResourceType type, SourceName source, UUID id) {
        return type == ResourceType.USER ? reads.user(source, id) : reads.group(source, id);
    }

    /** One resource; 304 where the client has this version already. */
    ScimOutcome.Answer one(ResourceType type, SourceName source, Route route, ScimRequest request, Notes notes) {
        ScimRow row = row(type, source, route.uuid(type)).orElseThrow(() -> Route.gone(type));
        match(request, type, row);
        Rendering rendering = rendering(type, source, request);
        Optional<List<ScimReads.Member>> members = members(rendering, type, row);
        String version = Version.of(type, row, members).tag();
        if (request.header("if-none-match").filter(known -> Versions.names(known, version)).isPresent()) {
            return Answers.empty(304, Map.of("ETag", version), notes);
        }
        return Answers.json(200, headers(rendering, row, version, false), rendering.of(row, members), notes);
    }

    /** What was just written, as it stands now. */
    ScimOutcome.Answer written(int status, ResourceType type, SourceName source, UUID id, ScimRequest request, Notes notes) {
        ScimRow row = row(type, source, id).orElseThrow(() -> Route.gone(type));
        Rendering rendering = rendering(type, source, request);
        Optional<List<ScimReads.Member>> members = members(rendering, type, row);
        return Answers.json(status, headers(rendering, row, Version.of(type, row, members).tag(), status == 201), rendering.of(row, members), notes);
    }

    /** Refuses a request that is for a version only ({@code If-Match}; RFC 9110, 13.1.1) which the resource no longer has. */
    void match(ScimRequest request, ResourceType type, ScimRow row) {
        if (request.header("if-match").filter(wanted -> !names(wanted, type, row)).isPresent()) {
            throw ScimError.preconditionFailed("the resource has changed since this version");
        }
    }

    /** Whether a conditional header names the version of a resource as it stands, with what some answers show beside it or without. */
    boolean names(String header, ResourceType type, ScimRow row) {
        Version alone = Version.of(type, row, Optional.empty());
        return Versions.names(header, alone.tag()) || header.contains(alone.state()) && Versions.names(header, Version.of(type, row, Optional.of(listed(type, List.of(row.id())).getOrDefault(row.id(), List.of()))).tag());
    }

    private Optional<List<ScimReads.Member>> members(Rendering rendering, ResourceType type, ScimRow row) {
        return members(rendering, type, List.of(row.id())).map(all -> all.getOrDefault(row.id(), List.of()));
    }

    /** The members of groups, or the groups of users; empty where this answer does not show them. */
    Optional<Map<UUID, List<ScimReads.Member>>> members(Rendering rendering, ResourceType type, List<UUID> ids) {
        return rendering.showsMembers(usersNameGroups.getAsBoolean()) ? Optional.of(listed(type, ids)) : Optional.empty();
    }

    private Map<UUID, List<ScimReads.Member>> listed(ResourceType type, List<UUID> ids) {
        return type == ResourceType.GROUP ? reads.members(ids) : reads.groupsOf(ids);
    }

    private static Rendering rendering(ResourceType type, SourceName source, ScimRequest request) {
        return new Rendering(type, request.base() + "/" + source, Wanted.of(Query.of(request.query()), type));
    }

    private static Map<String, String> headers(Rendering rendering, ScimRow row, String version, boolean fresh) {
        Map<String, String> headers = new java.util.HashMap<>();
        headers.put("ETag", version);
        if (fresh) {
            headers.put("Location", rendering.location(row));
        }
        return headers;
    }
}
