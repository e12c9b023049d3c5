package io.identitybridge.scim;

import io.identitybridge.model.Batch;
import io.identitybridge.model.Push;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Text;
import io.identitybridge.store.Ids;
import io.identitybridge.store.ScimReads;
import io.identitybridge.store.ScimRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Turns a POST, PUT, PATCH or DELETE into one change, computed from what the store holds now. */
final class Writing {
    private final ScimReads reads;
    private final Reading reading;
    private final Anchors anchors;
    private final BooleanSupplier usersNameGroups;

    /** @param usersNameGroups whether memberships come with users, and what groups say of members is passed over */
    Writing(ScimReads reads, Reading reading, Anchors anchors, BooleanSupplier usersNameGroups) {
        this.reads = reads;
        this.reading = reading;
        this.anchors = anchors;
        this.usersNameGroups = usersNameGroups;
    }

    /** One request to change something. */
    record Call(ResourceType type, SourceName source, Route route, ScimRequest request) {
        Map<String, Object> body() {
            return request.body().object(type.longestBody);
        }
    }

    ScimOutcome create(Call call) {
        Map<String, Object> body = call.body();
        Repairs repairs = new Repairs();
        Map<String, Object> resource = new Whole(call.type(), repairs).of(body);
        Optional<List<String>> named = taken(call.type(), resource, body, repairs);
        String name = name(call.type(), resource);
        Optional<String> anchor = anchor(call, resource);
        Optional<ScimRow> revived = new Namesakes(named(call, name, anchor), call.type()).forNew(name, anchor);
        UUID id = revived.map(ScimRow::id).orElseGet(Ids::next);
        Optional<Long> base = revived.map(ScimRow::version);
        Push push = call.type() == ResourceType.USER ? new Push.UserState(id, base, resource, named)
                : new Push.GroupState(id, base, Optional.of(resource), people(call, named.orElse(List.of())), List.of(), Optional.empty(), Optional.empty()); // who was pulled into the group stays: Okta creates it empty and adds afterwards
        String meaning = (revived.filter(ScimRow::pushed).isPresent() ? "revive " : "create ") + word(call);
        Notes notes = notes(call, meaning, id, repairs, body);
        return new ScimOutcome.Change(batch(call, push), () -> reading.written(201, call.type(), call.source(), id, call.request(), notes), notes);
    }

    ScimOutcome replace(Call call) {
        ScimRow row = present(call);
        Map<String, Object> body = call.body();
        Repairs repairs = new Repairs();
        letGo(call, repairs, Leaving.says(body));
        Map<String, Object> before = whole(call, row);
        Map<String, Object> resource = new Whole(call.type(), repairs).of(body);
        Optional<List<String>> named = taken(call.type(), resource, body, repairs);
        staying(call, row, resource);
        row.externalId().ifPresent(anchor -> resource.putIfAbsent("externalId", anchor));
        return state(call, row, before, resource, new Roll.Outcome(List.of(), List.of(), named.map(all -> call.type() == ResourceType.USER ? all : people(call, all))), repairs, body, 200);
    }

    ScimOutcome patch(Call call) {
        ScimRow row = present(call);
        Map<String, Object> body = call.body();
        Repairs repairs = new Repairs();
        Map<String, Object> before = whole(call, row);
        Rendering rendering = new Rendering(call.type(), call.request().base() + "/" + call.source(), Wanted.ALL);
        MemberChanges changes = new MemberChanges(new Roll.Book(() -> reads.members(List.of(row.id())).getOrDefault(row.id(), List.of()), references -> reads.usersMeant(call.source(), references), reference -> Ids.own(reference).isPresent(), rendering::member), repairs);
        OwnGroups groups = new OwnGroups(() -> reads.groupsOf(List.of(row.id())).getOrDefault(row.id(), List.of()), references -> reads.groupsMeant(call.source(), references), rendering::member, repairs);
        boolean byUser = usersNameGroups.getAsBoolean();
        List<Operation> operations = Operation.of(body, repairs);
        letGo(call, repairs, Leaving.says(operations));
        List<Operation> others = byUser && call.type() == ResourceType.USER ? groups.taken(operations) : operations;
        Map<String, Object> after = new Patch(call.type(), whole(call, row), repairs, aside(call.type(), byUser, changes, repairs)).apply(others);
        staying(call, row, after);
        Roll.Outcome members = call.type() == ResourceType.USER ? new Roll.Outcome(List.of(), List.of(), groups.after()) : changes.outcome();
        return state(call, row, before, after, members, repairs, body, call.type() == ResourceType.USER || !Query.of(call.request().query()).attributes().isEmpty() ? 200 : 204); // what is asked for by name is answered (RFC 7644, 3.5.2)
    }

    ScimOutcome delete(Call call) {
        ScimRow row = present(call);
        Push push = call.type() == ResourceType.USER ? new Push.UserGone(row.id(), named(call).map(version -> row.version())) : new Push.GroupGone(row.id(), seen(call, row));
        Notes notes = notes(call, "delete " + word(call), row.id(), new Repairs(), Map.of());
        return new ScimOutcome.Change(batch(call, push), () -> Answers.empty(204, Map.of(), notes), notes);
    }

    private ScimOutcome state(Call call, ScimRow row, Map<String, Object> before, Map<String, Object> after, Roll.Outcome members, Repairs repairs, Map<String, Object> body, int status) {
        String name = name(call.type(), after);
        boolean renamed = !name.equals(row.name()) || !text(after, "externalId").equals(row.externalId());
        Optional<String> anchor = anchor(call, after);
        if (renamed || !anchor.equals(row.externalId())) {
            new Namesakes(named(call, name, anchor), call.type()).othersThan(row.id());
        }
        boolean same = call.type() == ResourceType.GROUP && row.pushed() && !renamed && after.equals(before);
        Push push = call.type() == ResourceType.USER ? new Push.UserState(row.id(), Optional.of(row.version()), stored(row, before, after), members.exactly())
                : new Push.GroupState(row.id(), same ? Optional.empty() : Optional.of(row.version()), same ? Optional.empty() : Optional.of(after), members.add(), members.remove(), members.exactly(), seen(call, row));
        Notes notes = notes(call, Meanings.of(call.type(), row, after, members), row.id(), repairs, body);
        // with nothing in it, a PATCH is answered with its type all the same: SCIM-SDK, and so keycloak-scim, takes it for failed without
        return new ScimOutcome.Change(batch(call, push), () -> status == 204 ? Answers.empty(204, Map.of("Content-Type", Answers.TYPE), notes) : reading.written(status, call.type(), call.source(), row.id(), call.request(), notes), notes);
    }

    private static void letGo(Call call, Repairs repairs, boolean leaving) {
        if (leaving && call.type() == ResourceType.USER) {
            repairs.letGo();
        }
    }

    /** A leaver does not come back because a client left a word out, or said null of it. */
    private static void staying(Call call, ScimRow row, Map<String, Object> resource) {
        if (call.type() == ResourceType.USER) {
            resource.putIfAbsent("active", row.active());
        }
    }

    /** What is stored already where the change comes to that: a PUT or PATCH of nothing leaves the resource and its time (RFC 7644, 3.5.2). What is stored may leave {@code active} out for true, and may be overtaken in it. */
    private static Map<String, Object> stored(ScimRow row, Map<String, Object> before, Map<String, Object> after) {
        Map<String, Object> document = Json.stored(row.document());
        boolean active = !Boolean.FALSE.equals(document.get("active"));
        return row.pushed() && active == row.active() && after.equals(before) ? document : after;
    }

    /** The resource as it stands, with what columns say of it. */
    private static Map<String, Object> whole(Call call, ScimRow row) {
        Map<String, Object> whole = Json.stored(call.type(), row);
        whole.putIfAbsent(call.type().naming, row.name());
        row.externalId().ifPresent(anchor -> whole.putIfAbsent("externalId", anchor));
        return whole;
    }

    /** What the path names; a version that the client no longer has right is refused. */
    private ScimRow present(Call call) {
        ScimRow row = reading.row(call.type(), call.source(), call.route().uuid(call.type())).orElseThrow(() -> Route.gone(call.type()));
        reading.match(call.request(), call.type(), row);
        call.request().header("if-none-match").ifPresent(unwanted -> {
            if (reading.names(unwanted, call.type(), row)) {
                throw ScimError.preconditionFailed("the resource has the version that it must not have");
            }
        });
        return row;
    }

    /** The version that the client names as the only one it means; "any" is none. */
    private static Optional<String> named(Call call) {
        return call.request().header("if-match").filter(wanted -> !wanted.strip().equals("*"));
    }

    /** The version of a group that was found right when it was looked at: nobody may come or go between this look and the write. */
    private Optional<String> seen(Call call, ScimRow row) {
        return call.type() == ResourceType.USER ? Optional.empty() : named(call).map(found -> Version.of(call.type(), row, Optional.empty()).state());
    }

    /** Who takes what a PATCH says of members: nobody in a user; nobody, silently, in a group where memberships come with users. */
    private static Patch.Aside aside(ResourceType type, boolean byUser, MemberChanges changes, Repairs repairs) {
        if (type == ResourceType.USER) {
            return (op, at, where, value) -> false;
        }
        return byUser ? (op, at, where, value) -> MemberChanges.areMeant(at) && passedOver(repairs) : changes;
    }

    /** Members as people: one whom the client names by his externalId, as a pending reference may, is himself once he is there. */
    private List<String> people(Call call, List<String> references) {
        List<String> strangers = references.stream().filter(reference -> Ids.own(reference).isEmpty()).toList();
        Map<String, ScimReads.Member> known = strangers.isEmpty() ? Map.of() : reads.usersMeant(call.source(), strangers);
        return known.isEmpty() ? references : references.stream().map(reference -> known.containsKey(reference) ? known.get(reference).id() : reference).distinct().toList();
    }

    private static boolean passedOver(Repairs repairs) {
        repairs.did("passed over members: they come with users here (user-based-membership)");
        return true;
    }

    /** The members in a whole group, taken out of it, or the groups in a whole user where he names them; empty where it names none, which leaves them as they are. */
    private Optional<List<String>> taken(ResourceType type, Map<String, Object> resource, Map<String, Object> body, Repairs repairs) {
        boolean byUser = usersNameGroups.getAsBoolean();
        if (type == ResourceType.USER) {
            return byUser ? OwnGroups.in(parts(type, body), repairs) : Optional.empty();
        }
        if (resource.remove("members") != null && byUser) {
            passedOver(repairs);
        }
        return byUser ? Optional.empty() : parts(type, body).filter(entry -> !MemberChanges.isNothing(entry.getValue()) && type.known(AttributePath.of(entry.getKey())) instanceof Known.Ours ours && MemberChanges.areMeant(ours)).findFirst().map(entry -> MemberChanges.ids(entry.getValue(), repairs).stream().distinct().toList());
    }

    /** What a body says, also where it stands under the URN of its own schema. */
    private static Stream<Map.Entry<String, Object>> parts(ResourceType type, Map<String, Object> body) {
        return body.entrySet().stream().flatMap(entry -> Document.object(entry.getValue()) instanceof Map<?, ?> inner && type.known(AttributePath.of(entry.getKey())) instanceof Known.Extension whole && whole.schema() == type.core
                ? Document.map(inner).entrySet().stream() : Stream.of(entry));
    }

    private List<ScimRow> named(Call call, String name, Optional<String> externalId) {
        return call.type() == ResourceType.USER ? reads.usersNamed(call.source(), name, externalId) : reads.groupsNamed(call.source(), name, externalId);
    }

    /** The name of a resource that has what its schema requires; an externalId beside it must be short enough to be found by. */
    private static String name(ResourceType type, Map<String, Object> resource) {
        text(resource, "externalId").filter(id -> !Text.fits(id)).ifPresent(id -> {
            throw ScimError.invalidValue("'externalId' is longer than " + Text.LONGEST + " bytes");
        });
        type.core.attributes().stream().filter(attribute -> attribute.required() && !resource.containsKey(attribute.name())).findFirst().ifPresent(attribute -> {
            throw ScimError.invalidValue("'" + attribute.name() + "' is missing or empty");
        });
        return text(resource, type.naming).filter(name -> !name.isBlank() && Text.fits(name)).orElseThrow(() -> ScimError.invalidValue("'" + type.naming + "' is empty or longer than " + Text.LONGEST + " bytes"));
    }

    /** What the resource is known by at its IdP: what the client says, else what the mapping makes of it. */
    private Optional<String> anchor(Call call, Map<String, Object> resource) {
        return text(resource, "externalId").or(() -> call.type() == ResourceType.USER ? anchors.user(call.source(), resource) : anchors.group(call.source(), resource));
    }

    private static Optional<String> text(Map<String, Object> resource, String name) {
        return resource.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Batch.Pushed batch(Call call, Push push) {
        return new Batch.Pushed(call.source(), call.request().id(), push);
    }

    private static String word(Call call) {
        return call.type().label.toLowerCase(java.util.Locale.ROOT);
    }

    private static Notes notes(Call call, String meaning, UUID id, Repairs repairs, Map<String, Object> body) {
        return new Notes(Optional.of(call.source().value()), meaning, Optional.of(id.toString()), repairs.all(), body.isEmpty() ? Optional.empty() : Optional.of(Masked.of(body)));
    }
}
