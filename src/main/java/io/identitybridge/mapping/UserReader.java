package io.identitybridge.mapping;

import dev.cel.common.types.CelKind;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.MappingFile.Admit;
import io.identitybridge.files.MappingFile.UserExprs;
import io.identitybridge.model.MailAddress;
import io.identitybridge.model.Place;
import io.identitybridge.model.Role;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a person's record: whether he is there first, who he is then, so that a bad name never holds a leaver back. */
final class UserReader {
    private final MappingFile file;
    private final Attributes pulled;
    private final Attributes pushed;
    private final Admission pulledAdmit;
    private final Admission pushedAdmit;
    private final List<AttributeRule> rules = new ArrayList<>();

    UserReader(MappingFile file, Compiler record, Compiler resource, Compiler both) {
        this.file = file;
        this.pulled = new Attributes(file.user(), record);
        this.pushed = new Attributes(file.scim().map(MappingFile.Scim::user).orElse(NONE), resource);
        this.pulledAdmit = new Admission(file.admit(), record);
        this.pushedAdmit = new Admission(file.scim().flatMap(MappingFile.Scim::admit).orElseGet(() -> pushedDefault(file)), resource);
        file.workspaces().forEach(rule -> {
            if (rule instanceof MappingFile.Rule.When when) {
                both.compile(when.when(), CelKind.BOOL).ifPresent(expression -> rules.add(new AttributeRule(expression, when)));
            }
        });
    }

    private static final UserExprs NONE = new UserExprs(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** A keyword holds for both ways; an expression over the pulled record cannot, and who is pushed was assigned there. */
    private static Admit pushedDefault(MappingFile file) {
        return file.admit() instanceof Admit.When when ? new Admit.Everybody(when.expr().at()) : file.admit();
    }

    private record AttributeRule(Expression when, MappingFile.Rule.When rule) {
    }

    /** The expressions of one way in. */
    private record Attributes(Optional<Expression> externalId, Optional<Expression> userName, Optional<Expression> email, Optional<Expression> displayName,
                              Optional<Expression> active, Optional<Expression> roles, Optional<Expression> person) {
        Attributes(UserExprs user, Compiler compiler) {
            this(CompiledMapping.compile(compiler, user.externalId(), CelKind.STRING), CompiledMapping.compile(compiler, user.userName(), CelKind.STRING),
                    CompiledMapping.compile(compiler, user.email(), CelKind.STRING), CompiledMapping.compile(compiler, user.displayName(), CelKind.STRING),
                    CompiledMapping.compile(compiler, user.active(), CelKind.BOOL), CompiledMapping.compile(compiler, user.roles(), CelKind.LIST),
                    CompiledMapping.compile(compiler, user.person(), CelKind.STRING));
        }
    }

    private record Admission(Admit admit, Optional<Expression> when) {
        Admission(Admit admit, Compiler compiler) {
            this(admit, admit instanceof Admit.When when ? compiler.compile(when.expr(), CelKind.BOOL) : Optional.empty());
        }
    }

    Optional<String> pushedId(Map<String, Object> resource, Instant now) {
        return pushed.externalId().isEmpty() ? Optional.empty() : read(new Input("", Optional.empty(), Optional.of(resource), true), now).user().flatMap(User::externalId);
    }

    MappedUser read(Input input, Instant now) {
        boolean push = input.pushed().isPresent() && (input.pulled().isEmpty() || input.pushIsNewer());
        Map<String, Object> pulledVariables = input.pulled().map(variables -> Variables.of(variables, now)).orElse(Map.of());
        Map<String, Object> resource = input.pushed().orElse(Map.of());
        Map<String, Object> pushedVariables = input.pushed().map(pushed -> Variables.of(Map.of("resource", pushed), now)).orElse(Map.of());
        Attempt attempt = new Attempt("user", input.key());
        boolean off = input.off() && !push && (input.pushed().isEmpty() || !active(true, new Attempt("user", input.key()), pushedVariables, resource).orElse(false));
        Optional<Boolean> active = off ? Optional.of(false) : active(push, attempt, push ? pushedVariables : pulledVariables, resource);
        if (active.isPresent() && !active.get() && !input.listed()) {
            Optional<User> user = user(push, new Attempt("user", input.key()), push ? pushedVariables : pulledVariables, resource, false, input.overrides());
            return new MappedUser(user, Optional.of(file.deprovision().archiveInactive() ? Standing.LEFT : Standing.KEPT), Optional.of(true), scope(), List.of(), List.of());
        }
        Optional<Standing> standing = input.pulled().isPresent() ? standing(pulledAdmit, attempt, pulledVariables) : standing(pushedAdmit, attempt, pushedVariables);
        if (standing.filter(s -> s == scopeByExpression()).isPresent()) {
            Optional<User> user = user(push, new Attempt("user", input.key()), push ? pushedVariables : pulledVariables, resource, true, input.overrides());
            return new MappedUser(user, standing, active.map(read -> false), scope(), List.of(), attempt.problems());
        }
        Optional<User> user = user(push, attempt, push ? pushedVariables : pulledVariables, resource, true, input.overrides());
        List<Place> places = places(attempt, pulledVariables, pushedVariables);
        boolean fine = attempt.problems().isEmpty() && user.isPresent() && active.isPresent();
        return new MappedUser(fine ? user : Optional.empty(), fine ? standing : Optional.empty(), active.map(read -> false), scope(), places, attempt.problems());
    }

    private Optional<Boolean> active(boolean push, Attempt attempt, Map<String, Object> variables, Map<String, Object> resource) {
        Optional<Expression> expression = push ? pushed.active() : pulled.active();
        return expression.isPresent() ? attempt.truth("active", expression.get(), variables) : Optional.of(Scim.active(resource));
    }

    private Standing scope() {
        return file.archiveOutOfScope() ? Standing.LEFT : Standing.KEPT;
    }

    private Standing scopeByExpression() {
        return file.archiveOutOfScope() ? Standing.OUT_OF_SCOPE : Standing.KEPT;
    }

    private Optional<Standing> standing(Admission admission, Attempt attempt, Map<String, Object> variables) {
        return switch (admission.admit()) {
            case Admit.Everybody all -> Optional.of(Standing.IN);
            case Admit.InAnyWorkspace any -> Optional.of(Standing.IN_IF_PLACED);
            case Admit.When when -> attempt.truth("admit", admission.when().orElseThrow(), variables).map(in -> in ? Standing.IN : scopeByExpression());
        };
    }

    private Optional<User> user(boolean push, Attempt attempt, Map<String, Object> variables, Map<String, Object> resource, boolean active, Map<String, String> overrides) {
        Attributes way = push ? pushed : pulled;
        Optional<String> externalId = push && way.externalId().isEmpty() ? Scim.text(resource, "externalId")
                : attempt.text("externalId", way.externalId(), variables, all -> Optional.empty(), resource);
        Optional<String> userName = overridden(overrides, "userName", () -> attempt.text("userName", way.userName(), variables, all -> Scim.text(all, "userName"), resource));
        Optional<String> email = overridden(overrides, "email", () -> attempt.text("email", way.email(), variables, Scim::email, resource));
        Optional<String> displayName = overridden(overrides, "displayName", () -> way.displayName().isEmpty() ? Scim.displayName(resource).or(() -> userName)
                : attempt.text("displayName", way.displayName().get(), variables).filter(name -> !name.isBlank()).or(() -> userName));
        List<String> roles = overridden(overrides, "roles", Optional::<String>empty).map(words -> List.of(words.split("\\s*,\\s*"))).orElseGet(() -> way.roles().isEmpty() ? (push ? Scim.roles(resource.get("roles")) : List.of())
                : attempt.value("roles", way.roles().get(), variables).map(Scim::roles).orElse(List.of()));
        Optional<String> person = way.person().flatMap(expression -> attempt.value("person", expression, variables)).map(Object::toString).filter(key -> !key.isBlank());
        email.flatMap(MailAddress::fault).ifPresent(fault -> attempt.fail("email", "it gives no e-mail address: " + fault));
        if (!attempt.problems().isEmpty() || userName.isEmpty() || email.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new User(externalId, userName.get(), email.get(), displayName.orElse(userName.get()), active, roles, person));
        } catch (IllegalArgumentException nonsense) {
            String[] parts = nonsense.getMessage().split(": ", 2);
            attempt.fail(parts[0], parts.length > 1 ? parts[1] : "is no value");
            return Optional.empty();
        }
    }

    /** An operator's word comes first, and then nothing is asked of the record. */
    private static Optional<String> overridden(Map<String, String> overrides, String field, Supplier<Optional<String>> otherwise) {
        return overrides.containsKey(field) ? Optional.of(overrides.get(field)) : otherwise.get();
    }

    /** Rules over the pulled record hold where there is one, rules over the pushed resource where there is one. */
    private List<Place> places(Attempt attempt, Map<String, Object> pulledVariables, Map<String, Object> pushedVariables) {
        List<Place> places = new ArrayList<>();
        for (AttributeRule rule : rules) {
            Map<String, Object> variables = rule.when().reads("resource") ? pushedVariables : pulledVariables;
            if (!variables.isEmpty() && attempt.truth("workspaces", rule.when(), variables).orElse(false)) {
                rule.rule().workspaces().forEach(workspace -> places.add(new Place(workspace, Role.of(rule.rule().role()).orElseThrow(), rule.rule().at().rule())));
            }
        }
        return places;
    }
}
