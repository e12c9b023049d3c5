package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "token", synopsisSubcommandLabel = "(create | list | revoke)", description = "The bearer tokens and client secrets that an IdP pushes with.")
final class TokenCommand implements Runnable {
    @picocli.CommandLine.Spec
    picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(spec.commandLine(), "create, list or revoke?");
    }

    @Command(name = "create", description = "Makes a token or a client secret and prints it, this once.")
    Integer create(@Mixin Form form, @Parameters(paramLabel = "SOURCE") String source, @Option(names = "--label", defaultValue = "", description = "what it is for") String label,
                   @Option(names = "--client-secret", description = "a client secret for the token endpoint, /oauth2/token; the client id is the source's name") boolean clientSecret,
                   @Option(names = "--days", paramLabel = "N", description = "after how many days it ends; never by default") Integer days) {
        Map<String, Object> body = new TreeMap<>(Map.of("label", label, "kind", clientSecret ? "client-secret" : "bearer"));
        if (days != null) {
            body.put("days", days);
        }
        JsonNode made = form.api().post(path(source), body);
        form.show(made, () -> form.out().println(made.get("token").asText()));
        return 0;
    }

    @Command(name = "list", description = "A source's tokens and client secrets, never their values.")
    Integer list(@Mixin Form form, @Mixin Limit limit, @Parameters(paramLabel = "SOURCE") String source) {
        JsonNode list = form.api().list(path(source), Map.of(), limit.most());
        form.show(list, () -> {
            Table table = new Table("ID", "KIND", "LABEL", "LIVE", "CREATED", "EXPIRES", "LAST USED");
            list.get("items").forEach(token -> table.row(token.get("id"), token.get("kind"), token.get("label"), token.get("live"), token.get("createdAt"), token.get("expiresAt"), token.get("lastUsed")));
            table.print(form.out());
            form.rest(list);
        });
        return 0;
    }

    @Command(name = "revoke", description = "Ends a token at once, or a client secret with the access tokens made for it.")
    Integer revoke(@Mixin Form form, @Parameters(paramLabel = "SOURCE") String source, @Parameters(paramLabel = "ID", description = "as 'token list' shows it") String id) {
        form.api().delete(path(source) + "/" + Api.encoded(id));
        form.show(Api.JSON.createObjectNode().put("revoked", id), () -> form.out().println("revoked " + id));
        return 0;
    }

    private static String path(String source) {
        return "/sources/" + Api.encoded(source) + "/tokens";
    }
}
