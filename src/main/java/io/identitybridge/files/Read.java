package io.identitybridge.files;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Typed access to a map that its schema has already let through; a value of another kind here is a bug. */
record Read(Tree tree) {
    static Read of(Optional<Tree> tree) {
        return new Read(tree.orElse(new Tree.Branch(new Where("", 0, 0), Map.of())));
    }

    Where at() {
        return tree.at();
    }

    Read in(String key) {
        return of(tree.get(key));
    }

    boolean has(String key) {
        return tree.get(key).isPresent();
    }

    String text(String key) {
        return tree.text(key).orElseThrow(() -> new IllegalStateException("no text under " + key));
    }

    Optional<String> maybe(String key) {
        return tree.text(key);
    }

    Optional<Expr> expr(String key) {
        return tree.get(key).map(value -> new Expr(value.asText().orElseThrow(), value.at()));
    }

    Optional<Duration> duration(String key) {
        return maybe(key).map(Quantity::duration);
    }

    boolean flag(String key, boolean otherwise) {
        return tree.get(key).map(value -> (Boolean) value.plain()).orElse(otherwise);
    }

    Optional<Integer> number(String key) {
        return tree.get(key).map(value -> ((Long) value.plain()).intValue());
    }

    Optional<List<String>> texts(String key) {
        return tree.get(key).map(value -> value.items().stream().map(item -> item.asText().orElseThrow()).toList());
    }

    Set<Integer> statuses(String key, Set<Integer> otherwise) {
        return tree.get(key).<Set<Integer>>map(value -> {
            Set<Integer> statuses = new LinkedHashSet<>();
            value.items().forEach(item -> statuses.add(((Long) item.plain()).intValue()));
            return statuses;
        }).orElse(otherwise);
    }

    List<Read> each(String key) {
        return tree.get(key).map(value -> value.items().stream().map(Read::new).toList()).orElse(List.of());
    }

    Map<String, String> textMap(String key) {
        return map(key, value -> value.asText().orElseThrow());
    }

    /** The entries of the map under a key, in the order of the file. */
    <T> Map<String, T> map(String key, Function<Tree, T> value) {
        Map<String, T> map = new LinkedHashMap<>();
        tree.get(key).ifPresent(tree -> tree.entries().forEach((name, entry) -> map.put(name, value.apply(entry.value()))));
        return map;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> plain(String key) {
        return tree.get(key).map(value -> (Map<String, Object>) value.plain()).orElse(Map.of());
    }
}
