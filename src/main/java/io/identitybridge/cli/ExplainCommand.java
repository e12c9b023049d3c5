package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Says why a person has what he has, rule by rule, or why he has not. Exit 1 where something stands in the way.")
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Parameters(paramLabel = "PERSON", description = "e-mail or user name")
    String person;

    @Override
    public Integer call() {
        JsonNode told = form.api().get("/explain", Map.of("person", person));
        form.show(told, () -> print(told));
        return told.get("why").isEmpty() ? 0 : 1;
    }

    private void print(JsonNode told) {
        JsonNode who = told.get("person");
        form.out().println(who.isNull() ? person + ": not a member"
                : who.get("email").asText() + " (" + who.get("displayName").asText() + "): " + who.get("status").asText() + ", organisation " + who.get("role").asText() + ", " + who.get("owner").asText());
        told.get("why").forEach(why -> form.out().println("  " + why.asText()));
        told.get("roles").forEach(this::role);
        told.get("accounts").forEach(account -> form.out().println("account " + account.get("externalId").asText("-") + " at " + account.get("source").asText() + ": " + account.get("standing").asText()
                + at(", pulled ", account.get("pulledAt")) + at(", pushed ", account.get("pushedAt")) + at(", named by a group's list ", account.get("listedAt")) + at(", gone ", account.get("goneAt"))));
    }

    private void role(JsonNode role) {
        form.out().println("  " + role.get("workspace").asText() + ": " + role.get("role").asText() + at(" since ", role.get("since")) + at(", by ", role.get("origin")));
        role.get("grants").forEach(grant -> form.out().println("    " + grant.get("role").asText() + " from " + grant.get("source").asText() + ", "
                + (grant.get("group").isTextual() ? "group " + grant.get("group").asText() : grant.get("reason").asText()) + ", " + grant.get("rule").asText() + at(", since ", grant.get("since"))));
    }

    private static String at(String before, JsonNode value) {
        return value == null || value.isNull() ? "" : before + value.asText();
    }
}
