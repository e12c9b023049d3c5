package io.identitybridge.flow;

import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Item;
import io.identitybridge.source.Joins;
import io.identitybridge.store.Hold;
import io.identitybridge.store.Staging;
import io.identitybridge.store.Staging.Kept;
import io.identitybridge.store.Staging.Staged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Records of which a delta says nothing while a joined read has changed beside them: whoever is assigned to an application is no change of his own record.
 * What the joined reads gave is read whole each time, so each stored record is held against it; nobody is looked at while those are as they were.
 */
final class Rejoined {
    /** Where the joined reads' digest is kept among the cursors; no list can be called so. */
    static final String CURSOR = "(joined)";
    /** What stands there after a run that broke off and went on: what it read before the break was joined to what was there then. */
    static final String MIXED = "mixed";
    private static final int STRETCH = 2_000;

    private final Staging staging;
    private final SourceName source;
    private final Hold hold;
    private final Mapping mapping;
    private final Joins joins;

    Rejoined(Staging staging, Hold hold, Mapping mapping, Joins joins) {
        this.staging = staging;
        this.source = hold.source();
        this.hold = hold;
        this.mapping = mapping;
        this.joins = joins;
    }

    /** What is kept of the joined reads that the mapping reads; empty where it reads none: what nothing depends on may change as often as it likes. */
    static Optional<String> digest(Joins joins, Mapping mapping) {
        Set<String> roots = mapping.fields().stream().map(field -> field.substring(field.indexOf(' ') + 1).split("\\.", 2)[0]).collect(Collectors.toSet());
        Set<String> read = joins.byOwnId().stream().filter(roots::contains).collect(Collectors.toSet());
        return read.isEmpty() ? Optional.empty() : Optional.of(joins.digest(read));
    }

    /** Stages whose part of a joined read is another now; says how many, in words, or nothing. */
    String look(Optional<String> before, Instant askedAt) {
        Optional<String> digest = digest(joins, mapping);
        if (digest.isEmpty() || before.equals(digest)) {
            return "";
        }
        int changed = each("users", mapping::projectUser, askedAt) + each("groups", mapping::projectGroup, askedAt);
        return changed == 0 ? "" : changed + " records looked at again, because what is read beside them has changed";
    }

    private int each(String resource, UnaryOperator<Map<String, Object>> projection, Instant askedAt) {
        int changed = 0;
        String after = "";
        for (List<Kept> next = staging.untold(source, hold.run(), resource, after, STRETCH); !next.isEmpty(); next = staging.untold(source, hold.run(), resource, after, STRETCH)) {
            List<Staged> staged = new ArrayList<>();
            next.forEach(kept -> again(kept, projection, askedAt).ifPresent(staged::add));
            staging.records(hold, resource, staged);
            changed += staged.size();
            after = next.getLast().id();
        }
        return changed;
    }

    private Optional<Staged> again(Kept kept, UnaryOperator<Map<String, Object>> projection, Instant askedAt) {
        Map<String, Object> stored = Json.object(kept.variables());
        if (!(stored.get("record") instanceof Map<?, ?> record)) {
            return Optional.empty();
        }
        Map<String, Object> now = projection.apply(joins.variables(new Item(kept.id(), false, typed(record))));
        Map<String, Object> fresh = new LinkedHashMap<>();
        joins.byOwnId().stream().filter(now::containsKey).filter(name -> !now.get(name).equals(stored.get(name))).forEach(name -> fresh.put(name, now.get(name)));
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        stored.putAll(fresh);
        return Optional.of(new Staged(kept.id(), "seen", Optional.of(Json.text(fresh)), Optional.of(mapping.hash(stored)), Optional.empty(), askedAt));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
