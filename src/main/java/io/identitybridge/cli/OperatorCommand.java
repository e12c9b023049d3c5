package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "operator", synopsisSubcommandLabel = "(create | list | revoke)", description = "People and programs that use this program and the API by a name of their own.")
final class OperatorCommand implements Runnable {
    @picocli.CommandLine.Spec
    picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(spec.commandLine(), "create, list or revoke?");
    }

    @Command(name = "create", description = "Makes an operator and prints the token, this once; it is used as BRIDGE_ADMIN_TOKEN. Only with the admin token.")
    Integer create(@Mixin Form form, @Parameters(paramLabel = "NAME", description = "as the audit will call it") String name,
                   @Option(names = "--role", required = true, description = "viewer: reads; operator: runs the bridge; approver: decides on what the guard holds. May be given several times") List<String> roles,
                   @Option(names = "--days", paramLabel = "N", description = "after how many days it ends; never by default") Integer days) {
        Map<String, Object> body = new TreeMap<>(Map.of("name", name, "roles", roles));
        if (days != null) {
            body.put("days", days);
        }
        JsonNode made = form.api().post("/operators", body);
        form.show(made, () -> form.out().println(made.get("token").asText()));
        return 0;
    }

    @Command(name = "list", description = "The operators, never their tokens.")
    Integer list(@Mixin Form form, @Mixin Limit limit) {
        JsonNode list = form.api().list("/operators", Map.of(), limit.most());
        form.show(list, () -> {
            Table table = new Table("NAME", "ROLES", "LIVE", "CREATED", "EXPIRES", "LAST USED");
            list.get("items").forEach(one -> table.row(one.get("name"), one.get("roles"), one.get("live"), one.get("createdAt"), one.get("expiresAt"), one.get("lastUsed")));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }

    @Command(name = "revoke", description = "Ends an operator's token at once. Only with the admin token.")
    Integer revoke(@Mixin Form form, @Parameters(paramLabel = "NAME") String name) {
        form.api().delete("/operators/" + Api.encoded(name));
        form.show(Api.JSON.createObjectNode().put("revoked", name), () -> form.out().println("revoked " + name));
        return 0;
    }
}
