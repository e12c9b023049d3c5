package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Folded;
import io.identitybridge.model.OrgRole;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Effect;
import io.identitybridge.store.Seen;
import io.identitybridge.store.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** People by Portkey's SCIM: made at once, archived and never deleted. Whom the bridge made bears our id as {@code externalId}: by that, and by nothing else, he is known as ours again. */
final class ScimUsers {
    private static final String USERS = "/Users";

    private ScimUsers() {
    }

    /** A user as Portkey shows him. */
    record User(String id, String email, String userName, String name, OrgRole role, boolean active, String externalId) {
        static User of(JsonNode row) {
            String userName = row.path("userName").asText("");
            return new User(required(row, "id"), address(row.path("emails")).orElse(userName), userName, row.path("displayName").asText(""), OrgRole.highest(words(row.path("roles")).toList()), row.path("active").asBoolean(true),
                    row.path("externalId").asText(""));
        }

        Effect.PersonIs is(Seen.Owner owner) {
            return new Effect.PersonIs(email, Optional.of(id), Optional.empty(), Optional.of(name).filter(text -> !text.isBlank()), role, active, owner, Optional.empty(), Optional.of(userName).filter(text -> !text.isBlank()));
        }

        boolean bears(Wanted.Person wanted) {
            return externalId.equals(wanted.id().toString());
        }
    }

    static Optional<User> byId(Calls calls, String id) {
        return byId(calls, id, false);
    }

    private static Optional<User> byId(Calls calls, String id, boolean departed) {
        return calls.send(new Ask("GET", path(id), Optional.empty(), Failure.Call.READ, departed)) instanceof Result.Ok ok ? Optional.of(User.of(ok.body())) : Optional.empty();
    }

    /** Archives him; gone, where Portkey shows him neither by his id nor by his names. */
    static Result archive(Calls calls, Wanted.Person wanted, String id) {
        return calls.end(Ask.update("PATCH", path(id), new ScimPatch().replace("active", false).toString(), true),
                () -> byId(calls, id, true).or(() -> byAddress(calls, wanted).filter(user -> user.id().equals(id))).filter(User::active).isPresent());
    }

    /** Who bears our id, or else has the address; whoever has got his address since is not him. */
    static Optional<User> byAddress(Calls calls, Wanted.Person wanted) {
        List<User> named = found(calls, "userName", wanted.userName());
        List<User> all = named.stream().anyMatch(user -> user.bears(wanted)) ? named : Stream.concat(named.stream(), found(calls, "emails.value", wanted.email()).stream()).toList();
        return all.stream().filter(user -> user.bears(wanted)).findFirst().or(() -> all.stream().filter(user -> !wanted.freed() && Folded.of(user.email()).equals(Folded.of(wanted.email()))).findFirst())
                .or(() -> named.stream().filter(user -> !wanted.freed()).findFirst());
    }

    private static List<User> found(Calls calls, String attribute, String value) {
        return ScimLists.where(calls, USERS, attribute, value, "").stream().map(User::of).toList();
    }

    /** He is there now, or somebody of his address was before. A POST for somebody archived revives him (backend 1.12.1, 1.21.0). */
    static Result create(Calls calls, Wanted.Person wanted, Step.Come come) {
        ObjectNode user = Calls.JSON.createObjectNode();
        user.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:User");
        user.put("externalId", wanted.id().toString()).put("userName", come.userName()).put("displayName", come.name()).put("active", true);
        user.set("name", Calls.JSON.valueToTree(name(come.name())));
        user.set("emails", Calls.JSON.valueToTree(emails(come.email())));
        user.set("roles", Calls.JSON.valueToTree(roles(come.role())));
        return addressed(() -> calls.send(Ask.create(USERS, user.toString())));
    }

    static Result patch(Calls calls, String id, ScimPatch patch) {
        return calls.send(Ask.update("PATCH", path(id), patch.toString(), false));
    }

    static Result profile(Calls calls, Step.SetProfile profile) {
        ScimPatch patch = new ScimPatch().replace("userName", profile.userName()).replace("emails", emails(profile.email())).replace("displayName", profile.name());
        name(profile.name()).forEach((part, text) -> patch.replace("name." + part, text));
        return addressed(() -> patch(calls, profile.userId(), patch));
    }

    /** One role and no other: of several Portkey takes the highest. */
    static List<Map<String, Object>> roles(OrgRole role) {
        return List.of(Map.of("value", role.toString(), "primary", true));
    }

    private static List<Map<String, Object>> emails(String email) {
        return List.of(Map.of("value", email, "type", "work", "primary", true));
    }

    /** The store knows the name as it is shown; its last word is taken for the family's, and a single word for the given one. */
    private static Map<String, String> name(String shown) {
        int last = shown.strip().lastIndexOf(' ');
        return last < 0 ? Map.of("givenName", shown.strip()) : Map.of("givenName", shown.strip().substring(0, last), "familyName", shown.strip().substring(last + 1));
    }

    /** A call that names an address, of which Portkey asks more than of anything else. */
    private static Result addressed(java.util.function.Supplier<Result> call) {
        try {
            return call.get();
        } catch (TargetFault fault) {
            if (fault.cause() != Cause.TARGET_POISON) {
                throw fault;
            }
            throw new TargetFault(fault.cause(), fault.call(), fault.getMessage() + " (Portkey takes people of its verified Allowed Domains alone, and each address once)", fault.doubt(), fault.retryAfter());
        }
    }

    private static Optional<String> address(JsonNode emails) {
        List<JsonNode> all = StreamSupport.stream(emails.spliterator(), false).toList();
        return Stream.concat(all.stream().filter(each -> each.path("primary").asBoolean()), all.stream()).map(each -> each.isTextual() ? each.asText() : each.path("value").asText("")).filter(text -> !text.isBlank()).findFirst();
    }

    /** Texts, or objects with a value: whichever form it was sent in comes back. */
    private static Stream<String> words(JsonNode roles) {
        return roles.isArray() ? StreamSupport.stream(roles.spliterator(), false).flatMap(ScimUsers::words) : Stream.of(roles.isObject() ? roles.path("value").asText("") : roles.asText(""));
    }

    static String required(JsonNode row, String name) {
        String value = row.path(name).asText("");
        if (value.isBlank()) {
            throw AdminApi.odd("an answer lacks its " + name);
        }
        return value;
    }

    private static String path(String id) {
        return USERS + "/" + AdminApi.encoded(id);
    }
}
