package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a SCIM list for those whose attribute is one text (RFC 7644, 3.4.2): by pages of 100, at most ten of them. */
final class ScimLists {
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 10;

    private ScimLists() {
    }

    /** @param without attributes that need not come, "" for all */
    static List<JsonNode> where(Calls calls, String path, String attribute, String value, String without) {
        String query = path + "?filter=" + AdminApi.encoded(attribute + " eq " + Calls.JSON.valueToTree(value)) + (without.isEmpty() ? "" : "&excludedAttributes=" + without);
        List<JsonNode> found = new ArrayList<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode list = calls.read(Ask.list(query + "&startIndex=" + (1 + found.size()) + "&count=" + PAGE));
            int all = total(list);
            JsonNode rows = list.path("Resources");
            rows.forEach(found::add);
            if (rows.isEmpty() || found.size() >= all) {
                return found;
            }
        }
        throw odd("more than " + PAGE * MOST_PAGES + " have one " + attribute + ": the filter is not heeded");
    }

    /** A list that is none is never an empty one: else somebody would be made twice. */
    static int total(JsonNode list) {
        JsonNode total = list.path("totalResults");
        if (!total.canConvertToInt() || !total.isNumber() || total.asInt() > 0 && !list.path("Resources").isArray()) {
            throw odd("a list's answer holds no list");
        }
        return total.asInt();
    }

    private static TargetFault odd(String message) {
        return new TargetFault(Cause.BUG, "GET", message + ": look at the target's address, and at a proxy between", false, Optional.empty());
    }
}
