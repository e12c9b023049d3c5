package io.identitybridge.scim;

import io.identitybridge.model.Folded;
import io.identitybridge.store.ScimRow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who has a name or an externalId already, and whether a new resource is the same one come back (DESIGN section 6). */
record Namesakes(List<ScimRow> rows, ResourceType type) {

    /** The resource that a POST revives, or that a pull has found before the push; empty for a new one. A living holder: 409. */
    Optional<ScimRow> forNew(String name, Optional<String> externalId) {
        List<ScimRow> living = rows.stream().filter(row -> !row.gone()).toList();
        if (living.size() > 1) {
            throw taken();
        }
        if (!living.isEmpty()) {
            ScimRow row = living.getFirst();
            boolean free = !row.pushed() || type == ResourceType.USER && !row.active();
            if (free && same(row, name, externalId)) {
                return Optional.of(row);
            }
            throw taken();
        }
        return type == ResourceType.GROUP ? Optional.empty() : rows.stream().filter(row -> same(row, name, externalId)).findFirst();
    }

    /** A changed name or externalId must be free. */
    void othersThan(UUID self) {
        if (rows.stream().anyMatch(row -> !row.gone() && !row.id().equals(self))) {
            throw taken();
        }
    }

    /** The same externalId; or one side has none, and the names are equal (a group's exactly, a user's in any case). */
    private boolean same(ScimRow row, String name, Optional<String> externalId) {
        if (externalId.isPresent() && row.externalId().isPresent()) {
            return externalId.equals(row.externalId());
        }
        return type == ResourceType.GROUP ? row.name().equals(name) : Folded.of(row.name()).equals(Folded.of(name));
    }

    private ScimError taken() {
        return ScimError.uniqueness(type.naming + " or externalId is taken");
    }
}
