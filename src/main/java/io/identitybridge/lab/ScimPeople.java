package io.identitybridge.lab;

import static io.identitybridge.lab.PortkeyState.folded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.identitybridge.lab.PortkeyRow.Person;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code /Users}: made at once, of a verified domain only, with any organisation role; deleted means archived, and a POST for somebody archived revives him. */
final class ScimPeople {
    private final Set<String> domains;
    private final PortkeyWrites writes;
    private final PortkeyState state;

    ScimPeople(Set<String> domains, PortkeyWrites writes) {
        this.domains = domains;
        this.writes = writes;
        this.state = writes.state;
    }

    Answer answer(Call call, List<String> parts) {
        return switch (call.method() + " " + parts.size()) {
            case "GET 1" -> ScimApi.list(call, found(ScimFilter.of(call.asked("filter"))).toList(), ScimPeople::shown);
            case "POST 1" -> create(call.body());
            case "GET 2" -> Answer.ok(shown(person(parts.get(1))));
            case "PUT 2" -> replace(person(parts.get(1)), call.body());
            case "PATCH 2" -> replace(person(parts.get(1)), ScimPatch.apply(shown(person(parts.get(1))), call.body()));
            case "DELETE 2" -> delete(person(parts.get(1)));
            default -> throw new Refusal(404, "", "no " + call.method() + " " + call.path());
        };
    }

    private Person person(String id) {
        Person person = state.people.get(id);
        if (person == null) {
            throw new Refusal(404, "", "user not found");
        }
        return person;
    }

    private Stream<Person> found(ScimFilter filter) {
        Stream<Person> all = state.people.values().stream();
        return switch (filter.attribute()) {
            case "" -> all;
            case "emails", "emails.value" -> state.person(filter.value()).stream();
            case "username" -> { // nearly always the e-mail: do not look at everybody
                Optional<Person> first = state.person(filter.value()).filter(person -> person.userName().equalsIgnoreCase(filter.value()));
                yield first.isPresent() ? first.stream() : all.filter(person -> person.userName().equalsIgnoreCase(filter.value()));
            }
            case "externalid" -> all.filter(person -> person.externalId().equals(filter.value()));
            case "id" -> all.filter(person -> person.id().equals(filter.value()));
            default -> throw ScimFilter.unknown(filter.attribute());
        };
    }

    private Answer create(JsonNode body) {
        Person wanted = read(PortkeyWrites.id(), body, Optional.empty());
        Optional<Person> there = state.person(wanted.email()).or(() -> found(new ScimFilter("username", wanted.userName())).findFirst());
        if (there.filter(Person::active).isPresent()) {
            throw new Refusal(409, "uniqueness", "a user with this email exists");
        }
        if (wanted.active()) {
            writes.takeSeat();
        }
        if (there.isPresent()) {
            return new Answer(201, shown(written(there.get(), body)));
        }
        writes.create(wanted.withActive(true, writes.now));
        if (!wanted.active()) {
            writes.replace(wanted);
        }
        return new Answer(201, shown(wanted));
    }

    private Answer replace(Person person, JsonNode body) {
        return Answer.ok(shown(written(person, body)));
    }

    private Person written(Person person, JsonNode body) {
        Person to = read(person.id(), body, Optional.of(person));
        if (state.person(to.email()).filter(other -> !other.id().equals(person.id())).isPresent()) {
            throw new Refusal(409, "uniqueness", "a user with this email exists");
        }
        writes.replace(to);
        return to;
    }

    private Answer delete(Person person) {
        if (person.active()) {
            writes.replace(person.withActive(false, writes.now));
        }
        return new Answer(204, "");
    }

    /** A whole record: what it does not have is none, but for {@code active}, which is true. */
    private Person read(String id, JsonNode body, Optional<Person> before) {
        String userName = body.path("userName").asText("");
        String email = email(body.path("emails")).orElse(userName);
        if (userName.isBlank() || !email.contains("@")) {
            throw new Refusal(400, "invalidValue", "userName, and an email in it or in emails, are required");
        }
        String domain = folded(email.substring(email.lastIndexOf('@') + 1));
        if (domains.stream().noneMatch(verified -> verified.startsWith(".") ? domain.endsWith(verified) || domain.equals(verified.substring(1)) : domain.equals(verified))) {
            throw new Refusal(400, "invalidValue", "the domain " + domain + " is not verified");
        }
        String first = body.at("/name/givenName").asText("");
        String last = body.at("/name/familyName").asText("");
        String shown = body.path("displayName").asText((first + " " + last).strip());
        return new Person(id, email, userName, body.path("externalId").asText(""), first, last, shown, OrgRole.of(body.path("roles")),
                !body.path("active").asText("true").equalsIgnoreCase("false"), body.path("roles"), before.map(Person::created).orElse(writes.now), writes.now);
    }

    private static Optional<String> email(JsonNode emails) {
        Optional<String> first = Optional.empty();
        for (JsonNode each : emails) {
            String value = each.isTextual() ? each.asText() : each.path("value").asText("");
            if (each.path("primary").asBoolean()) {
                return Optional.of(value);
            }
            first = first.or(() -> Optional.of(value));
        }
        return first.filter(value -> !value.isBlank());
    }

    static ObjectNode shown(Person person) {
        ObjectNode user = JsonNodeFactory.instance.objectNode();
        user.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:User");
        user.put("id", person.id());
        if (!person.externalId().isEmpty()) {
            user.put("externalId", person.externalId());
        }
        user.put("userName", person.userName()).put("displayName", person.displayName()).put("active", person.active());
        user.putObject("name").put("givenName", person.firstName()).put("familyName", person.lastName());
        user.putArray("emails").addObject().put("value", person.email()).put("primary", true).put("type", "work");
        if (!person.roles().isMissingNode() && !person.roles().isNull()) {
            user.set("roles", person.roles());
        } else if (!person.role().equals("member")) {
            user.putArray("roles").addObject().put("value", person.role()).put("primary", true);
        }
        user.putObject("meta").put("resourceType", "User").put("created", person.created().toString()).put("lastModified", person.updated().toString());
        return user;
    }
}
