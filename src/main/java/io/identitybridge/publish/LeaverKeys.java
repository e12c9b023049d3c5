package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Cause;
import io.identitybridge.model.TargetControls.Key;
import io.identitybridge.store.TargetLeft;
import io.identitybridge.store.TargetLeft.Left;
import io.identitybridge.store.TargetState;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The API keys that Portkey holds for somebody who has left, by its Admin API ({@code GET /api-keys}, {@code DELETE /api-keys/{id}}; Portkey's admin-openapi.yaml). The list
 * knows no user: it is asked for each workspace he was ever seen in, and for what no workspace has, and his are taken out of it. Of a key its id, name, place and time are looked at;
 * what the list shows of the secret is read by nobody. Publishing never waits for any of it.
 */
public final class LeaverKeys {
    private static final int SIZE = 100;
    private static final int MOST_PAGES = 1_000;
    private static final int AT_ONCE = 20;
    private static final Duration SOON = Duration.ofMinutes(5);

    private final Http http;
    private final TargetLeft left;
    private final TargetState state;
    private final Supplier<Terms> terms;

    public LeaverKeys(Http http, TargetLeft left, TargetState state, Supplier<Terms> terms) {
        this.http = http;
        this.left = left;
        this.state = state;
        this.terms = terms;
    }

    /** Looks after those whose turn it is; gives how many. A right that is missing here stops nothing else. */
    public int look(Duration lag, Duration again) {
        TargetState.Now now = state.now();
        if (now.stopped().isPresent() || now.rests()) {
            return 0;
        }
        List<Left> due = left.due(lag, again, AT_ONCE);
        for (Left one : due) {
            try {
                Look look = at(one);
                if (look.keys().isEmpty() && !look.whole()) {
                    left.unseen(one, Optional.of("GET /api-keys: a list has fewer than it says"), again, SOON);
                } else {
                    left.held(one, look.keys().size());
                }
            } catch (TargetFault fault) {
                boolean refused = fault.cause() == Cause.AUTH || fault.cause() == Cause.TARGET_POISON;
                left.unseen(one, Optional.of(fault.getMessage()).filter(why -> refused), again, refused ? again : SOON);
            }
        }
        return due.size();
    }

    /** His keys now; {@link TargetFault} where they cannot be listed. */
    public List<Key> of(Left gone) {
        return at(gone).keys();
    }

    /** Whether he is a user again, under the same id: then these are keys of the living. */
    public boolean isBack(Left gone) {
        return AdminPeople.byId(calls(), gone.userId()).isPresent();
    }

    /** @param whole no list had fewer than it said: else that none is his says nothing */
    private record Look(List<Key> keys, boolean whole) {
    }

    private Look at(Left gone) {
        Map<String, Key> found = new LinkedHashMap<>();
        boolean whole = true;
        whole &= list(gone.userId(), "", found);
        for (String place : gone.places()) {
            try {
                whole &= list(gone.userId(), "&workspace_id=" + AdminApi.encoded(place), found);
            } catch (TargetFault fault) {
                if (fault.cause() == Cause.TRANSIENT || left.shows(place)) {
                    throw fault;
                } // he left it long ago, and it has gone since, with its keys
            }
        }
        return new Look(List.copyOf(found.values()), whole);
    }

    /** Gives whether as many came as the list says it has, where it says it: until then a page that is shorter than asked for is not the last. */
    private boolean list(String userId, String where, Map<String, Key> found) {
        Set<String> all = new HashSet<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode list = calls().read(Ask.list("/api-keys?page_size=" + SIZE + "&current_page=" + page + where));
            JsonNode data = list.path("data");
            if (!data.isArray()) {
                throw AdminRows.odd("a list's answer holds no list");
            }
            int before = all.size();
            data.forEach(row -> {
                all.add(row.path("id").asText());
                if (userId.equals(row.path("user_id").asText())) {
                    Key key = new Key(row.path("id").asText(), row.path("name").asText(), row.path("workspace_id").asText(""), row.path("created_at").asText(""));
                    found.put(key.id(), key);
                }
            });
            boolean whole = list.path("total").asLong(0) <= all.size();
            if (all.size() == before || data.size() < SIZE && whole) {
                return whole;
            }
        }
        throw AdminRows.odd("a list has no end");
    }

    /** Ends one of his; it may be gone already, and then no list shows it. */
    public void revoke(Left gone, Key key) {
        calls().end(Ask.delete("/api-keys/" + AdminApi.encoded(key.id()), false), () -> of(gone).stream().anyMatch(his -> his.id().equals(key.id())));
    }

    /** Ends one of Portkey's own mappings of a SCIM group; its people stay. */
    public void unmap(String mapping) {
        calls().end(Ask.delete("/scim/workspaces/" + AdminApi.encoded(mapping), false), () -> AdminReader.maps(calls(), mapping));
    }

    private Calls calls() {
        Terms now = terms.get();
        return new Calls(http, now.causes(), new Budgeted(state, now, false), () -> false);
    }
}
