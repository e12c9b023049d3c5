package io.identitybridge.scim;

import io.identitybridge.model.Folded;
import io.identitybridge.store.Match;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** A filter held against the schema: a condition that the store can answer. What no resource has matches nothing and is no error. */
final class Conditions {
    private static final Set<Match.Op> ORDERS = Set.of(Match.Op.GT, Match.Op.GE, Match.Op.LT, Match.Op.LE);
    /** The parts of {@code meta}, which every resource has (RFC 7643, 3.1). */
    private static final List<String> META = List.of("resourceType", "created", "lastModified", "location", "version");
    private final ResourceType type;
    private final Repairs repairs;

    Conditions(ResourceType type, Repairs repairs) {
        this.type = type;
        this.repairs = repairs;
    }

    Match of(String filter) {
        try {
            return of(FilterParser.filter(filter));
        } catch (Malformed wrong) {
            throw ScimError.invalidFilter("the filter is not understood: " + wrong.getMessage());
        }
    }

    private Match of(Filter filter) {
        return switch (filter) {
            case Filter.And and -> new Match.All(and.of().stream().map(this::of).toList());
            case Filter.Or or -> new Match.Any(or.of().stream().map(this::of).toList());
            case Filter.Not not -> new Match.Not(of(not.of()));
            case Filter.Compare compare -> compare(compare);
            case Filter.Present present -> present(present.path());
            case Filter.Some some -> some(some);
        };
    }

    private Match compare(Filter.Compare compare) {
        return switch (known(compare.path())) {
            case Known.Ours ours when compare.value() == Filter.NULL -> absent(compare.op(), present(ours));
            case Known.Ours ours -> ours(ours, compare.op(), compare.value());
            case Known.ReadOnly readOnly -> common(readOnly.name(), compare);
            case Known.Secret secret -> throw ScimError.invalidFilter("nobody can ask for a password");
            case Known.Extension extension -> throw ScimError.invalidFilter("a whole extension cannot be compared");
            case Known.Foreign foreign -> new Match.Nothing();
            case Known.Nothing nothing -> new Match.Nothing();
        };
    }

    /** What a filter may ask for: also what only the server sets; and {@code email}, the name that Portkey's guide gives Okta's admins for what identifies a person. */
    private Known known(AttributePath path) {
        if (type == ResourceType.USER && path.name().equalsIgnoreCase("email") && path.sub().isEmpty()) {
            repairs.did("email for emails.value");
            return type.known(new AttributePath(path.urn(), "emails", Optional.of("value")));
        }
        Known known = type.known(path);
        if (known instanceof Known.ReadOnly(String name, Optional<Known.Ours> ours) && ours.isPresent()) {
            ours.get().sub().ifPresent(part -> kept(ours.get().attribute(), part));
            return ours.get();
        }
        return known;
    }

    private static Match absent(Match.Op op, Match present) {
        return switch (op) {
            case EQ -> new Match.Not(present);
            case NE -> present;
            case CO, SW, EW, GT, GE, LT, LE -> throw ScimError.invalidFilter("null is compared by eq or ne");
        };
    }

    private static Match ours(Known.Ours ours, Match.Op op, Object value) {
        Attribute attribute = ours.attribute();
        if (!attribute.many()) {
            Attribute leaf = ours.sub().orElse(attribute);
            if (leaf.complex()) {
                return leaf.sub("value").map(sub -> leaf(with(ours.path(), sub.name()), sub, op, value)).orElseThrow(() -> ScimError.invalidFilter("'" + leaf.name() + "' is compared by its parts"));
            }
            return leaf(ours.path(), leaf, op, value);
        }
        List<String> list = ours.sub().isPresent() ? ours.path().subList(0, ours.path().size() - 1) : ours.path();
        Attribute sub = ours.sub().or(() -> attribute.sub("value")).orElseThrow(() -> ScimError.invalidFilter("'" + attribute.name() + "' is compared by its parts"));
        return new Match.Element(list, leaf(List.of(sub.name()), sub, op, value));
    }

    private static Match leaf(List<String> path, Attribute leaf, Match.Op op, Object value) {
        if (leaf.type() != Attribute.Type.BOOLEAN) {
            if (leaf.type() == Attribute.Type.BINARY && ORDERS.contains(op)) {
                throw ScimError.invalidFilter("'" + leaf.name() + "' has no order"); // RFC 7644, table 3
            }
            List<Match> spellings = (op == Match.Op.EQ && leaf.unique() && !leaf.caseExact() ? Folded.spellings(value.toString()) : List.of(value.toString())).stream().<Match>map(spelling -> new Match.Text(path, op, spelling, leaf.caseExact())).toList();
            return spellings.size() == 1 ? spellings.getFirst() : new Match.Any(spellings);
        }
        String word = value.toString();
        if (!word.equalsIgnoreCase("true") && !word.equalsIgnoreCase("false")) {
            throw ScimError.invalidFilter("'" + leaf.name() + "' is true or false");
        }
        boolean wanted = Boolean.parseBoolean(word);
        return switch (op) {
            case EQ -> truth(path, leaf, wanted);
            case NE -> leaf.unsaidIsFalse() ? truth(path, leaf, !wanted) : new Match.Not(truth(path, leaf, wanted));
            case CO, SW, EW, GT, GE, LT, LE -> throw ScimError.invalidFilter("'" + leaf.name() + "' is compared by eq or ne");
        };
    }

    private static Match truth(List<String> path, Attribute leaf, boolean wanted) {
        return leaf.unsaidIsFalse() && !wanted ? new Match.Not(new Match.Truth(path, true)) : new Match.Truth(path, wanted);
    }

    static List<String> with(List<String> path, String last) {
        return java.util.stream.Stream.concat(path.stream(), java.util.stream.Stream.of(last)).toList();
    }

    private Match common(String name, Filter.Compare compare) {
        String part = compare.path().sub().orElse("").toLowerCase(java.util.Locale.ROOT);
        return switch (name + "." + part) {
            case "id." -> new Match.Text(List.of("id"), compare.op(), compare.value().toString(), true);
            case "meta.created" -> time("created", compare);
            case "meta.lastmodified" -> time("lastModified", compare);
            case "meta.resourcetype" -> known(compare, type.label::equalsIgnoreCase, word -> new Match.All(List.of()));
            case "schemas." -> known(compare, urn -> type.core.is(urn) || extension(urn).isPresent(), urn -> extension(urn).<Match>map(schema -> new Match.Present(List.of(schema.urn()))).orElse(new Match.All(List.of())));
            case "meta.location", "meta.version" -> throw ScimError.invalidFilter("'" + compare.path() + "' is made for each answer and cannot be asked for: ask for 'id', or 'meta.lastModified'");
            default -> throw ScimError.invalidFilter("'" + compare.path() + "' cannot be asked for");
        };
    }

    private Optional<Schema> extension(String urn) {
        return type.extensions.stream().filter(schema -> schema.is(urn)).findFirst();
    }

    /** What each resource of this type has, or none. */
    private static Match known(Filter.Compare compare, Predicate<String> has, Function<String, Match> which) {
        String value = compare.value().toString();
        Match is = has.test(value) ? which.apply(value) : new Match.Nothing();
        return switch (compare.op()) {
            case EQ -> is;
            case NE -> new Match.Not(is);
            case CO, SW, EW, GT, GE, LT, LE -> throw ScimError.invalidFilter("'" + compare.path() + "' is compared by eq or ne");
        };
    }

    private static Match time(String name, Filter.Compare compare) {
        return switch (compare.op()) {
            case CO, SW, EW -> throw ScimError.invalidFilter("a time is compared by eq, ne, gt, ge, lt or le");
            case EQ, NE, GT, GE, LT, LE -> new Match.Time(List.of("meta", name), compare.op(), instant(compare.value()));
        };
    }

    private static Instant instant(Object value) {
        return Times.of(value.toString()).orElseThrow(() -> ScimError.invalidFilter("a time is written as 2026-01-31T12:00:00Z"));
    }

    private Match present(AttributePath path) {
        return switch (known(path)) {
            case Known.Ours ours -> present(ours);
            case Known.Extension extension -> extension.schema() == type.core ? new Match.All(List.of()) : new Match.Present(List.of(extension.schema().urn()));
            case Known.ReadOnly readOnly when path.sub().filter(part -> META.stream().noneMatch(part::equalsIgnoreCase) || !readOnly.name().equals("meta")).isPresent() -> throw ScimError.invalidFilter("there is no '" + path + "'");
            case Known.ReadOnly readOnly -> new Match.All(List.of());
            case Known.Secret secret -> new Match.Nothing();
            case Known.Foreign foreign -> new Match.Nothing();
            case Known.Nothing nothing -> new Match.Nothing();
        };
    }

    /** Of a list's part: some element has it. */
    private static Match present(Known.Ours ours) {
        return ours.attribute().many() && ours.sub().isPresent()
                ? new Match.Element(ours.path().subList(0, ours.path().size() - 1), new Match.Present(List.of(ours.sub().get().name()))) : new Match.Present(ours.path());
    }

    private Match some(Filter.Some some) {
        if (!(known(some.list()) instanceof Known.Ours ours)) {
            return new Match.Nothing();
        }
        if (!ours.attribute().complex() || ours.sub().isPresent()) {
            throw ScimError.invalidFilter("'" + some.list() + "' has no elements to pick from");
        }
        return new Match.Element(ours.path(), inside(ours.attribute(), some.inside()));
    }

    /** What an element is asked by: one of its parts, by its plain name; empty where it has none of that name, which matches nothing. */
    private static Optional<Attribute> part(Attribute list, AttributePath path) {
        if (path.urn().isPresent() || path.sub().isPresent()) {
            throw ScimError.invalidFilter("an element of '" + list.name() + "' has no '" + path + "': its parts are named plainly, as 'value'");
        }
        Optional<Attribute> part = list.sub(path.name());
        part.ifPresent(one -> kept(list, one));
        return part;
    }

    /** The {@code $ref} of a member or a group holds the address the client calls: it is made for each answer. */
    private static void kept(Attribute list, Attribute part) {
        if (part.readOnly() && part.type() == Attribute.Type.REFERENCE) {
            throw ScimError.invalidFilter("'" + list.name() + "." + part.name() + "' is made for each answer and cannot be asked for: ask for '" + list.name() + ".value'");
        }
    }

    private Match inside(Attribute list, Filter filter) {
        return switch (filter) {
            case Filter.And and -> new Match.All(and.of().stream().map(part -> inside(list, part)).toList());
            case Filter.Or or -> new Match.Any(or.of().stream().map(part -> inside(list, part)).toList());
            case Filter.Not not -> new Match.Not(inside(list, not.of()));
            case Filter.Compare compare -> {
                Optional<Attribute> sub = part(list, compare.path());
                yield sub.isEmpty() ? new Match.Nothing() : compare.value() == Filter.NULL ? absent(compare.op(), new Match.Present(List.of(sub.get().name())))
                        : leaf(List.of(sub.get().name()), sub.get(), compare.op(), compare.value());
            }
            case Filter.Present present -> part(list, present.path()).<Match>map(sub -> new Match.Present(List.of(sub.name()))).orElseGet(Match.Nothing::new);
            case Filter.Some some -> throw ScimError.invalidFilter("a value path stands inside another");
        };
    }
}
