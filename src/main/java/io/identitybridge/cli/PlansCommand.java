package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "plans", description = "Lists the plans that wait for a person, or the held lines of one.")
final class PlansCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Mixin
    Limit limit;

    @Parameters(paramLabel = "PLAN", arity = "0..1")
    Long plan;

    @Option(names = "--all", description = "decided ones, too")
    boolean all;

    @Override
    public Integer call() {
        if (plan == null) {
            JsonNode list = form.api().list("/plans", all ? Map.of() : Map.of("status", "held"), limit.most());
            form.show(list, () -> plans(list));
        } else {
            JsonNode one = shown(form.api(), plan, limit.most(), all);
            form.show(one, () -> print(form, one));
        }
        return 0;
    }

    /** A plan with that many of its lines. */
    static JsonNode shown(Api api, long plan, int most, boolean all) {
        Map<String, String> which = all ? Map.of("limit", String.valueOf(most)) : Map.of("status", "held", "limit", String.valueOf(most));
        return api.get("/plans/" + plan, which);
    }

    static void print(Form form, JsonNode plan) {
        form.out().println("plan " + plan.get("id").asText() + " of " + plan.get("source").asText() + " (" + plan.get("status").asText() + "), because of " + plan.get("cause").asText());
        plan.get("reasons").forEach(reason -> form.out().println("  " + reason.asText()));
        if (plan.hasNonNull("decision")) {
            form.out().println("  " + plan.path("decidedBy").asText() + ": " + plan.get("decision").asText());
        }
        Table table = new Table("N", "CHANGE", "WHY", "STATUS");
        plan.get("lines").get("items").forEach(line -> table.row(line.get("n"), line.get("sentence"), line.get("reason"), line.get("status")));
        table.print(form.out());
        form.rest(plan.get("lines"));
    }

    private void plans(JsonNode list) {
        if (list.get("items").isEmpty()) {
            form.out().println(all ? "no plan yet" : "no plan waits");
            return;
        }
        Table table = new Table("PLAN", "SOURCE", "STATUS", "HELD", "SINCE", "UNTIL", "WHY");
        list.get("items").forEach(one -> table.row(one.get("id"), one.get("source"), one.get("status"), one.get("held"), one.get("createdAt"), one.get("expiresAt"), one.get("reasons")));
        table.print(form.out());
        form.rest(list);
    }
}
