package io.identitybridge.mapping;

import dev.cel.common.types.CelKind;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.MappingFile.GroupExprs;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Place;
import io.identitybridge.model.Role;
import io.identitybridge.model.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a group's name, and what it gives its members. */
final class GroupReader {
    private final Optional<Expression> keep;
    private final Optional<Expression> name;
    private final Optional<Expression> pushedKeep;
    private final Optional<Expression> pushedName;
    private final Optional<Expression> pushedId;
    private final List<Function<String, List<Place>>> rules = new ArrayList<>();

    GroupReader(MappingFile file, Organisation organisation, Compiler record, Compiler resource) {
        this.keep = CompiledMapping.compile(record, file.group().flatMap(GroupExprs::keep), CelKind.BOOL);
        this.name = CompiledMapping.compile(record, file.group().flatMap(GroupExprs::displayName), CelKind.STRING);
        Optional<GroupExprs> scim = file.scim().flatMap(MappingFile.Scim::group);
        this.pushedKeep = CompiledMapping.compile(resource, scim.flatMap(GroupExprs::keep), CelKind.BOOL);
        this.pushedName = CompiledMapping.compile(resource, scim.flatMap(GroupExprs::displayName), CelKind.STRING);
        this.pushedId = CompiledMapping.compile(resource, scim.flatMap(GroupExprs::externalId), CelKind.STRING);
        file.workspaces().forEach(rule -> {
            switch (rule) {
                case MappingFile.Rule.ByPattern pattern -> rules.add(byPattern(pattern, organisation));
                case MappingFile.Rule.ByName named -> rules.add(group -> group.equals(named.group())
                        ? named.workspaces().stream().map(workspace -> new Place(workspace, Role.of(named.role()).orElseThrow(), named.at().rule())).toList() : List.of());
                case MappingFile.Rule.When when -> { }
            }
        });
    }

    private static Function<String, List<Place>> byPattern(MappingFile.Rule.ByPattern rule, Organisation organisation) {
        GroupPattern pattern = rule.pattern().map(template -> GroupPattern.of(template, rule.role().flatMap(Role::of))).orElseGet(() -> GroupPattern.of(organisation.pattern()));
        return group -> pattern.match(group).map(match -> List.of(new Place(match.workspace(), match.role(), rule.at().rule()))).orElse(List.of());
    }

    Optional<String> pushedId(Map<String, Object> resource, Instant now) {
        return pushedId.isEmpty() ? Optional.empty() : read(new Input("", Optional.empty(), Optional.of(resource), true), now).externalId();
    }

    MappedGroup read(Input input, Instant now) {
        boolean push = input.pushed().isPresent() && (input.pulled().isEmpty() || input.pushIsNewer());
        Map<String, Object> resource = input.pushed().orElse(Map.of());
        Map<String, Object> variables = push ? Variables.of(Map.of("resource", resource), now) : Variables.of(input.pulled().orElse(Map.of()), now);
        Attempt attempt = new Attempt("group", input.key());
        Optional<Expression> kept = push ? pushedKeep : keep;
        boolean in = kept.isEmpty() || attempt.truth("keep", kept.get(), variables).orElse(false);
        if (!in) {
            return new MappedGroup(Optional.empty(), attempt.problems().isEmpty() ? Optional.of("") : Optional.empty(), false, List.of(), attempt.problems());
        }
        Optional<String> id = push && pushedId.isPresent() ? attempt.text("externalId", pushedId, variables, all -> Optional.empty(), resource).filter(Text::fits) : Optional.empty();
        Optional<String> named = attempt.text("displayName", push ? pushedName : name, variables, all -> Scim.text(all, "displayName"), resource);
        if (named.isPresent() && !Text.fits(named.get())) {
            attempt.fail("displayName", "a name of more than " + Text.LONGEST + " bytes in UTF-8 is not kept");
            return new MappedGroup(id, Optional.empty(), true, List.of(), attempt.problems());
        }
        List<Place> places = named.map(group -> rules.stream().flatMap(rule -> rule.apply(group).stream()).toList()).orElse(List.of());
        return new MappedGroup(id, named, true, places, attempt.problems());
    }
}
