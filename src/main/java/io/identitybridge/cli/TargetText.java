package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The target in plain sentences. */
final class TargetText {
    private TargetText() {
    }

    static void head(Form form, JsonNode target) {
        if (target.path("kind").asText().equals("store")) {
            form.out().println("target store: the membership store itself; there is no live Portkey behind it");
            return;
        }
        form.out().println(target.path("kind").asText() + (target.hasNonNull("address") ? " at " + target.get("address").asText() : "") + (target.path("missing").isEmpty() ? "" : ", off: it lacks " + target.get("missing")));
        line(form, "mode " + target.path("mode").asText(), target, "modeWhy");
        line(form, "stopped, it does not let the bridge in", target, "stoppedWhy");
        line(form, "quarantined, only leavers go on ('bridge target resume' lifts it)", target, "quarantineWhy");
        line(form, "not read", target, "readWhy");
        line(form, "Portkey's own mappings not read", target, "mappingsWhy");
        if (target.hasNonNull("readAt")) {
            JsonNode drift = target.path("drift");
            form.out().println("read as of " + target.get("readAt").asText() + ": " + drift.path("matching") + " people match, " + drift.path("missing") + " missing, " + drift.path("extra") + " extra, " + drift.path("different") + " different, "
                    + drift.path("waits") + " wait for a workspace, " + drift.path("pending") + " under way, " + drift.path("unmanaged") + " nobody's");
            form.out().println("written and believed " + target.path("believed") + ", shown by a later reading " + target.path("confirmed"));
        } else {
            form.out().println("not read as a whole yet");
        }
        target.path("findings").fields().forEachRemaining(finding -> form.out().println("findings: " + finding.getValue() + " " + finding.getKey()));
    }

    private static void line(Form form, String what, JsonNode target, String why) {
        if (target.hasNonNull(why)) {
            form.out().println(what + ": " + target.get(why).asText());
        }
    }

    static int plan(Form form, Limit limit, String q, String kind) {
        Map<String, String> query = new TreeMap<>(Map.of("limit", String.valueOf(limit.most())));
        if (q != null) {
            query.put("q", q);
        }
        if (kind != null) {
            query.put("kind", kind);
        }
        JsonNode plan = form.api().get("/target/plan", query);
        form.show(plan, () -> {
            sums(form, plan);
            table(form, plan.get("lines"), "nothing would change", "kind", "sentence", "onceAdopted", "pending");
        });
        return plan.path("ambiguous").asLong() > 0 ? 1 : 0;
    }

    private static void sums(Form form, JsonNode plan) {
        form.out().println("as of the reading of " + (plan.hasNonNull("readAt") ? plan.get("readAt").asText() : "- (never: 'bridge target read' first)") + ", with everybody adopted who matches:");
        form.out().println("  " + plan.path("matchedPeople") + " people and " + plan.path("matchedWorkspaces") + " workspaces match, " + plan.path("protectedPeople") + " people are protected, " + plan.path("ambiguous") + " ambiguous");
        form.out().println("  " + plan.path("unknownPeople") + " people and " + plan.path("unknownWorkspaces") + " workspaces there are nobody's here: never touched");
        form.out().println("  " + plan.path("missing") + " things would be made, " + plan.path("different") + " changed, " + plan.path("extra") + " removed");
        if (plan.path("workspacesMade").asLong() > 0) {
            form.out().println("  " + plan.path("workspacesMade") + " workspaces would be made: 'bridge target plan --kind missing -q workspace'; by SCIM one that somebody made by hand without a group of the pattern is not shown, so hold them against Portkey's own list first");
        }
        form.out().println("  " + plan.path("seatsNeeded") + " seats needed, " + plan.path("seatsNow") + " taken now; " + plan.path("invitesMailed") + " invites would be mailed");
        form.out().println("  up to " + plan.path("keysMinted") + " API keys would be minted, where Portkey makes one for whoever joins a workspace (user_api_key_auto_create); up to " + plan.path("keysLost") + " lost");
    }

    static void table(Form form, JsonNode list, String none, String... fields) {
        if (list.get("items").isEmpty()) {
            form.out().println(none);
            return;
        }
        Table table = new Table(Arrays.stream(fields).map(field -> field.toUpperCase(Locale.ROOT)).toArray(String[]::new));
        list.get("items").forEach(one -> table.row(Arrays.stream(fields).map(one::path).toArray()));
        table.print(form.out());
        form.rest(list);
    }
}
