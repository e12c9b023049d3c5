package io.identitybridge.store;

import io.identitybridge.model.Place;
import io.identitybridge.model.Role;
import java.util.ArrayList;
import java.util.List;

/** Places as they lie in a {@code text[]}: workspace, role, rule, and so on. */
final class Places {
    private Places() {
    }

    static List<String> flat(List<Place> places) {
        List<String> flat = new ArrayList<>(places.size() * 3);
        for (Place place : places) {
            flat.add(place.workspace());
            flat.add(place.role().toString());
            flat.add(place.rule());
        }
        return flat;
    }

    static List<Place> of(List<String> flat) {
        List<Place> places = new ArrayList<>(flat.size() / 3);
        for (int i = 0; i + 2 < flat.size(); i += 3) {
            places.add(new Place(flat.get(i), Role.of(flat.get(i + 1)).orElseThrow(), flat.get(i + 2)));
        }
        return places;
    }
}
