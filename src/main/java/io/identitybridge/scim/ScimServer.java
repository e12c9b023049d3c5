package io.identitybridge.scim;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Ids;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.Tokens;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** SCIM 2.0 for one source (RFC 7643, RFC 7644): reads are answered, changes are handed on. It never writes by itself. */
public final class ScimServer {
    private static final String SEARCH = ".search";
    private static final int LONGEST_SEARCH = 1 << 20;
    private final Door door;
    private final Reading reading;
    private final Pages pages;
    private final Writing writing;
    private final BooleanSupplier usersNameGroups;

    /**
     * @param anchors         what a resource is known by where its client does not say
     * @param usersNameGroups whether memberships come with users and not with groups; asked at each request, since files are edited
     */
    public ScimServer(ScimReads reads, Tokens tokens, ScimRate rate, Anchors anchors, BooleanSupplier usersNameGroups) {
        this.door = new Door(tokens, rate);
        this.reading = new Reading(reads, usersNameGroups);
        this.pages = new Pages(reads, reading);
        this.writing = new Writing(reads, reading, anchors, usersNameGroups);
        this.usersNameGroups = usersNameGroups;
    }

    /** An answer, or a change to be written; throws {@link ScimError} for everything that is refused. */
    public ScimOutcome handle(ScimRequest request) {
        Route route = Route.of(request.path());
        SourceName source = door.open(request, route.source());
        Notes notes = Notes.NONE.of(source.value());
        Optional<ScimOutcome.Answer> described = Discovery.of(route, request, reading(request, notes, "describe the server"), usersNameGroups.getAsBoolean());
        if (described.isPresent()) {
            return described.get();
        }
        return switch (route.first()) {
            case "Me" -> throw ScimError.notImplemented("/Me is not supported: a token is a source's, not a person's");
            case "Bulk" -> route.id().isEmpty() ? bulk(source, request, notes) : nothing();
            case SEARCH -> route.id().isEmpty() ? search(List.of(ResourceType.values()), source, request, notes) : nothing();
            default -> resource(route.type().orElseGet(ScimServer::nothing), source, route, request, notes);
        };
    }

    /** Likewise one operation of a Bulk, whose token has been looked at. */
    public ScimOutcome handle(Bulk bulk, ScimRequest operation) {
        Route route = Route.of(operation.path());
        return resource(route.type().orElseGet(ScimServer::nothing), bulk.source(), route, operation, Notes.NONE.of(bulk.source().value()));
    }

    /** A refusal as its answer, with what is known of who asked, of what, and in what form. */
    public static ScimOutcome.Answer refused(ScimError error, ScimRequest request) {
        String[] path = request.path().replaceFirst("^/", "").split("/", 4);
        Optional<String> source = Optional.of(path[0]).filter(name -> name.matches("[a-z][a-z0-9-]{0,62}"));
        Optional<String> resource = path.length == 3 ? Ids.of(path[2]).map(UUID::toString) : Optional.empty();
        String meant = Leaving.of(request).isEmpty() ? "" : request.method().equals("DELETE") ? "delete user, " : "deactivate user, ";
        return error.answer(new Notes(source, meant + "refused: " + Masked.quoted(error.getMessage()), resource, List.of(), request.body().kept().map(Masked::of)));
    }

    /** Who would have left by a request that was refused for what it says, and may never come again as an IdP's does after a 503. */
    public static List<Leaver> leavers(ScimError error, ScimRequest request) {
        return mayNotComeAgain(error) ? Leaving.all(request).stream().map(id -> leaver(error, new SourceName(Route.of(request.path()).source()), id)).toList() : List.of();
    }

    /** Likewise by an operation of a Bulk that was refused before it was a request of its own. */
    static Optional<Leaver> leaver(ScimError error, SourceName source, BulkOperation operation) {
        return mayNotComeAgain(error) ? Leaving.of(operation).map(id -> leaver(error, source, id)) : Optional.empty();
    }

    private static boolean mayNotComeAgain(ScimError error) {
        return error.status() == 500 || error.status() / 100 == 4 && !List.of(401, 403, 404, 429).contains(error.status());
    }

    private static Leaver leaver(ScimError error, SourceName source, UUID id) {
        return new Leaver(source, id, error.status() + " " + Masked.quoted(error.getMessage()));
    }

    /** @param why the answer, without the values that it quotes */
    public record Leaver(SourceName source, UUID id, String why) {
    }

    private ScimOutcome resource(ResourceType type, SourceName source, Route route, ScimRequest request, Notes notes) {
        Writing.Call call = new Writing.Call(type, source, route, request);
        String what = type.label.toLowerCase(Locale.ROOT);
        if (route.id().filter(SEARCH::equals).isPresent()) {
            return search(List.of(type), source, request, notes);
        }
        if (route.id().isEmpty()) {
            return switch (request.method()) {
                case "GET", "HEAD" -> pages.of(new Pages.Call(List.of(type), source, Query.of(request.query()), request.base()), reading(request, notes, "list " + what + "s"));
                case "POST" -> writing.create(call);
                default -> throw ScimError.methodNotAllowed(request.method() + " is not for " + type.endpoint, "GET, HEAD, POST");
            };
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> reading.one(type, source, route, request, about(reading(request, notes, "read " + what), route));
            case "PUT" -> writing.replace(call);
            case "PATCH" -> writing.patch(call);
            case "DELETE" -> writing.delete(call);
            default -> throw ScimError.methodNotAllowed(request.method() + " is not for one " + what, "GET, HEAD, PUT, PATCH, DELETE");
        };
    }

    private static ScimOutcome bulk(SourceName source, ScimRequest request, Notes notes) {
        if (!request.method().equals("POST")) {
            throw ScimError.methodNotAllowed(request.method() + " is not for /Bulk", "POST");
        }
        return new ScimOutcome.Several(Bulk.of(source, request), notes);
    }

    private static <T> T nothing() {
        throw ScimError.notFound("there is nothing at this address; see /Users, /Groups, /Schemas");
    }

    /** A list whose parameters come in a body (RFC 7644, 3.4.3), so that no proxy's log has them. */
    private ScimOutcome search(List<ResourceType> types, SourceName source, ScimRequest request, Notes notes) {
        if (!request.method().equals("POST")) {
            throw ScimError.methodNotAllowed(request.method() + " is not for /" + SEARCH, "POST");
        }
        Map<String, Object> body = request.body().object(LONGEST_SEARCH);
        String what = types.size() > 1 ? "users and groups" : types.getFirst().label.toLowerCase(Locale.ROOT) + "s";
        Notes noted = new Notes(notes.source(), "search " + what, Optional.empty(), List.of(), Optional.of(Masked.of(body)));
        return pages.of(new Pages.Call(types, source, Query.of(body), request.base()), noted);
    }

    private static Notes reading(ScimRequest request, Notes notes, String meaning) {
        return new Notes(notes.source(), meaning + (request.query().contains("filter=") ? " by filter" : ""), notes.resource(), notes.repairs(), notes.body());
    }

    private static Notes about(Notes notes, Route route) {
        return new Notes(notes.source(), notes.meaning(), route.id(), notes.repairs(), notes.body());
    }
}
