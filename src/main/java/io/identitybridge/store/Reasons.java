package io.identitybridge.store;

import io.identitybridge.model.Grant;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.util.ArrayList;
import java.util.List;

/** Reasons of one membership as they lie in a {@code text[]}: source, reason, role, rule, and so on. */
final class Reasons {
    private static final int WIDTH = 4;

    private Reasons() {
    }

    static List<String> flat(List<Grant> grants) {
        List<String> flat = new ArrayList<>(grants.size() * WIDTH);
        grants.forEach(grant -> flat.addAll(List.of(grant.source().value(), grant.reason(), grant.role().toString(), grant.rule())));
        return flat;
    }

    static List<Grant> of(List<String> flat, String workspace) {
        List<Grant> grants = new ArrayList<>(flat.size() / WIDTH);
        for (int i = 0; i + WIDTH <= flat.size(); i += WIDTH) {
            grants.add(new Grant(new SourceName(flat.get(i)), flat.get(i + 1), workspace, Role.of(flat.get(i + 2)).orElseThrow(), flat.get(i + 3)));
        }
        return grants;
    }
}
