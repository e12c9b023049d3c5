package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Match;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Answers from what the store holds: one resource, or a page of them. */
final class Reading {
    /** A page of groups ends before it shows more members than this, but never before its first group. */
    private static final long MOST_MEMBERS = 50_000;
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

    ScimOutcome.Answer page(ResourceType type, SourceName source, ScimRequest request, Notes notes) {
        Query query = Query.of(request.query());
        Optional<Match> match = query.filter().map(filter -> new Conditions(type).of(filter));
        ScimReads.Page page = page(type, source, match, query);
        Rendering rendering = rendering(type, source, request);
        boolean shown = rendering.showsMembers(usersNameGroups.getAsBoolean());
        List<ScimRow> rows = shown && type == ResourceType.GROUP ? fitting(page.rows()) : page.rows();
        Map<UUID, List<ScimReads.Member>> members = shown ? members(type, rows.stream().map(ScimRow::id).toList()) : Map.of();
        List<Map<String, Object>> resources = rows.stream().map(row -> rendering.of(row, shown ? Optional.of(members.getOrDefault(row.id(), List.of())) : Optional.empty())).toList();
        return Answers.json(200, Map.of(), Lists.of(resources, page.total(), query.startIndex()), notes);
    }

    /** The version of a group as it stands, members and all. */
    Optional<String> version(ResourceType type, SourceName source, ScimRow row) {
        Rendering rendering = new Rendering(type, "", Wanted.ALL);
        return rendering.version(row, members(rendering, type, row));
    }

    private ScimReads.Page page(ResourceType type, SourceName source, Optional<Match> match, Query query) {
        try {
            return type == ResourceType.USER ? reads.users(source, match, query.startIndex() - 1, query.count()) : reads.groups(source, match, query.startIndex() - 1, query.count());
        } catch (ScimReads.TooSlow slow) {
            throw ScimError.tooMany("the filter has to look at too much; ask for less, or by userName, externalId or id");
        }
    }

    private List<ScimRow> fitting(List<ScimRow> rows) {
        Map<UUID, Long> sizes = reads.sizes(rows.stream().map(ScimRow::id).toList());
        List<ScimRow> fitting = new ArrayList<>();
        long members = 0;
        for (ScimRow row : rows) {
            members += sizes.getOrDefault(row.id(), 0L);
            if (!fitting.isEmpty() && members > MOST_MEMBERS) {
                break;
            }
            fitting.add(row);
        }
        return fitting;
    }

    private Optional<List<ScimReads.Member>> members(Rendering rendering, ResourceType type, ScimRow row) {
        return rendering.showsMembers(usersNameGroups.getAsBoolean()) ? Optional.of(members(type, List.of(row.id())).getOrDefault(row.id(), List.of())) : Optional.empty();
    }

    private Map<UUID, List<ScimReads.Member>> members(ResourceType type, List<UUID> ids) {
        return type == ResourceType.GROUP ? reads.members(ids) : reads.groupsOf(ids);
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
