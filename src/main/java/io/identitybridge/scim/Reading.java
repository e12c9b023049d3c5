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
        Rendering rendering = rendering(type, source, request);
        Optional<List<ScimReads.Member>> members = members(rendering, type, row);
        Optional<String> version = rendering.version(row, members);
        if (request.header("if-none-match").isPresent() && version.isPresent() && Versions.names(request.header("if-none-match").get(), version.get())) {
            return Answers.empty(304, Map.of("ETag", version.get()), notes);
        }
        return Answers.json(200, headers(rendering, row, version, false), rendering.of(row, members), notes);
    }

    /** What was just written, as it stands now. */
    ScimOutcome.Answer written(int status, ResourceType type, SourceName source, UUID id, ScimRequest request, Notes notes) {
        ScimRow row = row(type, source, id).orElseThrow(() -> Route.gone(type));
        Rendering rendering = rendering(type, source, request);
        Optional<List<ScimReads.Member>> members = members(rendering, type, row);
        return Answers.json(status, headers(rendering, row, rendering.version(row, members), status == 201), rendering.of(row, members), notes);
    }

    /** The version of a group as it stands, members and all. */
    Optional<String> version(ResourceType type, SourceName source, ScimRow row) {
        Rendering rendering = new Rendering(type, "", Wanted.ALL);
        return rendering.version(row, members(rendering, type, row));
    }

    private Optional<List<ScimReads.Member>> members(Rendering rendering, ResourceType type, ScimRow row) {
        return members(rendering, type, List.of(row.id())).map(all -> all.getOrDefault(row.id(), List.of()));
    }

    /** The members of groups, or the groups of users; empty where this answer does not show them. */
    Optional<Map<UUID, List<ScimReads.Member>>> members(Rendering rendering, ResourceType type, List<UUID> ids) {
        return rendering.showsMembers(usersNameGroups.getAsBoolean()) ? Optional.of(type == ResourceType.GROUP ? reads.members(ids) : reads.groupsOf(ids)) : Optional.empty();
    }

    private static Rendering rendering(ResourceType type, SourceName source, ScimRequest request) {
        return new Rendering(type, request.base() + "/" + source, Wanted.of(Query.of(request.query())));
    }

    private static Map<String, String> headers(Rendering rendering, ScimRow row, Optional<String> version, boolean fresh) {
        Map<String, String> headers = new java.util.HashMap<>();
        version.ifPresent(etag -> headers.put("ETag", etag));
        if (fresh) {
            headers.put("Location", rendering.location(row));
        }
        return headers;
    }
}
