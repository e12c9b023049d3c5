package io.identitybridge.check;

import io.identitybridge.files.SourceFile;
import io.identitybridge.source.Item;
import java.util.Map;
import java.util.Optional;

/** The id of a record in a test: where the source file says, else its {@code id}; of a pushed group as of a pushed user its {@code externalId}. */
final class Ids {
    private Ids() {
    }

    static String pushed(Map<String, Object> resource) {
        return String.valueOf(resource.getOrDefault("externalId", resource.getOrDefault("id", resource.getOrDefault("displayName", "(no id)"))));
    }

    static String of(Optional<SourceFile.Resource> list, Map<String, Object> record) {
        return list.flatMap(resource -> Item.of(resource, record)).map(Item::id)
                .orElseGet(() -> Optional.ofNullable(record.get("id")).map(Object::toString).filter(id -> !id.isBlank()).orElse("(no id)"));
    }
}
