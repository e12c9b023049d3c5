package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One value of a YAML file with its place: a map, a list, or a single value. */
public sealed interface Tree {
    Where at();

    /** The same without places: maps, lists, text, true and false, whole numbers as {@code Long}, others as {@code Double}, and null. */
    Object plain();

    /** Reads one file strictly. What is wrong goes to {@code faults}; empty when nothing can be made of the text. */
    static Optional<Tree> read(String file, String text, Consumer<FileFault> faults) {
        return new TreeReader(file, text, faults).read();
    }

    /** The value under a key; empty where this is no map or lacks the key. */
    default Optional<Tree> get(String key) {
        return this instanceof Branch branch ? Optional.ofNullable(branch.entries().get(key)).map(Entry::value) : Optional.empty();
    }

    /** The text under a key; empty where there is none. */
    default Optional<String> text(String key) {
        return get(key).flatMap(Tree::asText);
    }

    /** This value as text; empty for a map, a list, a number, true, false and null. */
    default Optional<String> asText() {
        return this instanceof Leaf leaf && leaf.value().orElse(null) instanceof String ? Optional.of(leaf.text()) : Optional.empty();
    }

    /** The entries of a map; none where this is no map. */
    default Map<String, Entry> entries() {
        return Map.of();
    }

    /** The elements of a list; none where this is no list. */
    default List<Tree> items() {
        return List.of();
    }

    /** A value and where its key stands. */
    record Entry(Where keyAt, Tree value) {
    }

    record Branch(Where at, Map<String, Entry> entries) implements Tree {
        @Override
        public Map<String, Object> plain() {
            Map<String, Object> plain = new LinkedHashMap<>();
            entries.forEach((key, entry) -> plain.put(key, entry.value().plain()));
            return Collections.unmodifiableMap(plain);
        }
    }

    record Row(Where at, List<Tree> items) implements Tree {
        @Override
        public List<Object> plain() {
            List<Object> plain = new ArrayList<>();
            items.forEach(item -> plain.add(item.plain()));
            return Collections.unmodifiableList(plain);
        }
    }

    /** @param value empty for null */
    record Leaf(Where at, Optional<Object> value, String text) implements Tree {
        @Override
        public Object plain() {
            return value.orElse(null);
        }
    }
}
