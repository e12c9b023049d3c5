package io.identitybridge.scim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Where the elements of a list stand, by what makes one the same as another (RFC 7643, 2.4): value and type; who says no type means any. */
final class Places {
    private static final int NOWHERE = -1;
    private final Map<Object, Integer> first = new HashMap<>();

    /** An element of this value and this type; {@code ANY} of whatever type. */
    private record Key(Object value, Object type) {
        private static final Object ANY = new Object();
    }

    static Places of(List<?> elements) {
        Places places = new Places();
        for (int i = 0; i < elements.size(); i++) {
            places.put(elements.get(i), i);
        }
        return places;
    }

    /** Where two are the same, the first counts. */
    void put(Object element, int place) {
        first.putIfAbsent(exactly(element), place);
        if (element instanceof Map<?, ?> map && map.containsKey("value")) {
            first.putIfAbsent(new Key(map.get("value"), Key.ANY), place);
        }
    }

    /** The place of the element that this one means; negative where there is none. */
    int of(Object wanted) {
        return first.getOrDefault(wanted instanceof Map<?, ?> map && map.containsKey("value") ? meant(map) : wanted, NOWHERE);
    }

    /** Whether an element is one of those that a client names: by value, and by type where it names one; what has no value, by all that is named of it. */
    static Predicate<Object> named(List<?> some) {
        Set<Object> keys = new HashSet<>();
        Set<Map<?, ?>> others = new LinkedHashSet<>();
        for (Object one : some) {
            if (one instanceof Map<?, ?> map && !map.containsKey("value")) {
                others.add(map);
            } else {
                keys.add(one instanceof Map<?, ?> map ? meant(map) : new Key(one, Key.ANY));
            }
        }
        return element -> element instanceof Map<?, ?> map
                ? keys.contains(new Key(map.get("value"), map.get("type"))) || keys.contains(new Key(map.get("value"), Key.ANY)) || others.stream().anyMatch(other -> map.entrySet().containsAll(other.entrySet()))
                : keys.contains(new Key(element, Key.ANY));
    }

    private static Key meant(Map<?, ?> wanted) {
        return new Key(wanted.get("value"), wanted.containsKey("type") ? wanted.get("type") : Key.ANY);
    }

    /** What an element is known by: equal for two that are the same in every word that counts. */
    static Object exactly(Object element) {
        return element instanceof Map<?, ?> map && map.containsKey("value") ? new Key(map.get("value"), map.get("type")) : element;
    }
}
