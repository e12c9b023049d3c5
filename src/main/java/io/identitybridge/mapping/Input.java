package io.identitybridge.mapping;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one account or group at its IdP.
 *
 * @param key         the record's id, for problems
 * @param pulled      the variables of the pulled record: {@code record}, and one for each joined read ({@code assignments}, {@code app})
 * @param pushed      the SCIM resource as pushed, variable {@code resource}
 * @param pushIsNewer whether the pushed values win where both are there
 * @param overrides   values that hold in place of what the expressions give, by field
 * @param listed      whether a newer list of a group says that he is active, whatever his record says
 * @param off         whether a push disabled him, and nothing that is newer may say otherwise; also where what it said besides is forgotten
 */
public record Input(String key, Optional<Map<String, Object>> pulled, Optional<Map<String, Object>> pushed, boolean pushIsNewer, boolean listed, boolean off, Map<String, String> overrides) {
    public Input {
        if (pulled.isEmpty() && pushed.isEmpty()) {
            throw new IllegalArgumentException("neither pulled nor pushed: " + key);
        }
    }

    /** Without a list or an operator that says otherwise. */
    public Input(String key, Optional<Map<String, Object>> pulled, Optional<Map<String, Object>> pushed, boolean pushIsNewer) {
        this(key, pulled, pushed, pushIsNewer, false, false, Map.of());
    }

    /** All that expressions can name, pulled and pushed, without {@code now}. */
    Map<String, Object> variables() {
        Map<String, Object> all = new LinkedHashMap<>(pulled.orElse(Map.of()));
        pushed.ifPresent(resource -> all.put("resource", resource));
        return all;
    }
}
