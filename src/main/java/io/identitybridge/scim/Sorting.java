package io.identitybridge.scim;

import io.identitybridge.store.Sort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code sortBy} and {@code sortOrder} held against the schemas (RFC 7644, 3.4.2.3): texts without case unless their attribute has it, lists by their primary value or else their first. */
final class Sorting {
    private Sorting() {
    }

    /** The order of one type's part of a list over {@code types}; by creation where none is asked for. */
    static Sort of(ResourceType type, List<ResourceType> types, Query query) {
        Optional<String> written = query.sortBy();
        if (written.isEmpty()) {
            return Sort.CREATION;
        }
        AttributePath path = path(written.get());
        if (types.stream().allMatch(each -> by(each, path).isEmpty())) {
            throw ScimError.invalidValue("'sortBy' names no attribute of a " + types.getFirst().label);
        }
        return new Sort(by(type, path).orElseGet(Sort.Nothing::new), query.descending());
    }

    private static AttributePath path(String written) {
        try {
            Target target = FilterParser.path(written.strip());
            if (target.where().isEmpty()) {
                return target.path();
            }
        } catch (Malformed wrong) {
            throw ScimError.invalidValue("'sortBy' is not understood: " + wrong.getMessage());
        }
        throw ScimError.invalidValue("'sortBy' is an attribute, without a filter");
    }

    /** Empty where the type has no such attribute. */
    private static Optional<Sort.By> by(ResourceType type, AttributePath path) {
        return switch (type.known(path)) {
            case Known.Ours ours -> Optional.of(ours(ours));
            case Known.ReadOnly(String name, Optional<Known.Ours> attribute) -> Optional.of(attribute.map(Sorting::ours).orElseGet(() -> common(name, path)));
            case Known.Secret secret -> throw ScimError.invalidValue("nobody can sort by a password");
            case Known.Extension extension -> throw ScimError.invalidValue("a whole extension has no order");
            case Known.Foreign foreign -> Optional.empty();
            case Known.Nothing nothing -> Optional.empty();
        };
    }

    private static Sort.By ours(Known.Ours ours) {
        Attribute attribute = ours.attribute();
        Attribute leaf = ours.sub().orElse(attribute);
        if (leaf.complex()) {
            leaf = leaf.sub("value").orElseThrow(() -> ScimError.invalidValue("'" + attribute.name() + "' is sorted by one of its parts"));
        }
        List<String> path = leaf == attribute || ours.sub().isPresent() ? ours.path() : Conditions.with(ours.path(), leaf.name());
        if (attribute.many()) {
            return new Sort.Element(path.subList(0, path.size() - 1), leaf.name(), leaf.caseExact());
        }
        return leaf.type() == Attribute.Type.BOOLEAN ? new Sort.Truth(path) : new Sort.Text(path, leaf.caseExact());
    }

    private static Sort.By common(String name, AttributePath path) {
        return switch (name + "." + path.sub().orElse("").toLowerCase(Locale.ROOT)) {
            case "id.", "meta.location" -> new Sort.Text(List.of("id"), true);
            case "meta.created" -> new Sort.Time("created");
            case "meta.lastmodified" -> new Sort.Time("lastModified");
            case "meta.resourcetype", "schemas." -> new Sort.Nothing();
            default -> throw ScimError.invalidValue("nobody can sort by '" + path + "'");
        };
    }
}
