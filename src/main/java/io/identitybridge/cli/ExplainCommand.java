package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Says why a person has what he has, rule by rule, or why he has not. Exit 1 where something stands in the way.")
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Parameters(paramLabel = "PERSON", description = "e-mail or user name")
    String person;

    @Option(names = "--at", paramLabel = "DATE", description = "as it was then: a day (its end, in UTC) or a time, as 2026-11-20T08:00:00Z")
    String at;

    @Override
    public Integer call() {
        if (at != null) {
            JsonNode then = form.api().get("/explain", Map.of("person", person, "at", at));
            form.show(then, () -> past(then));
            return 0;
        }
        JsonNode told = form.api().get("/explain", Map.of("person", person));
        form.show(told, () -> print(told));
        return told.get("why").isEmpty() ? 0 : 1;
    }

    private void print(JsonNode told) {
        JsonNode who = told.get("person");
        form.out().println(who.isNull() ? person + ": not a member"
                : who.get("email").asText() + " (" + who.get("displayName").asText() + "): " + who.get("status").asText() + ", organisation " + who.get("role").asText() + ", " + who.get("owner").asText());
        told.get("why").forEach(why -> form.out().println("  " + why.asText()));
        told.path("fields").forEach(this::field);
        told.get("roles").forEach(this::role);
        told.path("lost").forEach(lost -> form.out().println("  lost: " + lost.asText()));
        told.get("accounts").forEach(account -> form.out().println("account " + account.get("externalId").asText("-") + " at " + account.get("source").asText() + ": " + account.get("standing").asText()
                + at(", pulled ", account.get("pulledAt")) + at(", pushed ", account.get("pushedAt")) + at(", named by a group's list ", account.get("listedAt")) + at(", gone ", account.get("goneAt"))));
    }

    private void past(JsonNode then) {
        form.out().println(person + " at " + at + (then.get("fields").isEmpty() ? ": the audit knows nothing of him then; it begins with " + then.get("knownSince").asText("nothing") : ""));
        then.get("fields").forEach(field -> {
            form.out().println("  " + field.get("field").asText() + ": " + field.get("value").asText() + decided(field));
            field.path("lost").forEach(this::lost);
        });
        then.get("roles").forEach(role -> {
            form.out().println("  " + role.get("workspace").asText() + ": " + role.get("value").asText() + decided(role));
            role.path("grants").forEach(grant -> form.out().println("    " + reason(grant)));
            role.path("lost").forEach(grant -> form.out().println("    not " + reason(grant) + at(": ", grant.get("why"))));
        });
        then.path("notHeld").forEach(lacks -> form.out().println("  not held: " + lacks.asText()));
    }

    private static String decided(JsonNode by) {
        return at(", by ", by.get("origin")) + at(" of ", by.get("actor")) + at(" at ", by.get("at")) + at(", files ", by.get("setHash")) + at(", ", by.get("rule"));
    }

    private static String because(JsonNode grant) {
        return grant.path("group").isTextual() ? "group " + grant.get("group").asText() : grant.get("reason").asText();
    }

    private static String reason(JsonNode grant) {
        return grant.get("role").asText() + " from " + grant.get("source").asText() + ", " + because(grant) + ", " + grant.get("rule").asText();
    }

    private void field(JsonNode field) {
        form.out().println("  " + field.get("field").asText() + ": " + field.get("value").asText() + " from " + field.get("source").asText() + " " + field.get("account").asText() + at(", ", field.get("via"))
                + at(" of ", field.get("told")) + at(", ", field.get("rule")) + (field.path("decided").isObject() ? at(", by ", field.get("decided").get("origin")) + at(" at ", field.get("decided").get("at")) : ""));
        field.get("lost").forEach(this::lost);
    }

    private void lost(JsonNode lost) {
        form.out().println("    not " + lost.get("value").asText() + at(" from ", lost.get("source")) + at(", ", lost.get("via")) + at(", ", lost.get("rule")) + ": " + lost.get("why").asText());
    }

    private void role(JsonNode role) {
        form.out().println("  " + role.get("workspace").asText() + ": " + role.get("role").asText() + at(", there since ", role.get("since")) + at(", by ", role.get("origin")) + at(" at ", role.get("decidedAt")));
        role.get("grants").forEach(grant -> form.out().println("    " + grant.get("role").asText() + " from " + grant.get("source").asText() + ", "
                + because(grant) + ", " + grant.get("rule").asText() + at(", as of ", grant.get("since"))));
        role.path("lost").forEach(this::lost);
    }

    private static String at(String before, JsonNode value) {
        return value == null || value.isNull() ? "" : before + value.asText();
    }
}
