package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "target", synopsisSubcommandLabel = "[show | read | plan | drift | adopt | bind | apply | observe | resume | invite | keys | mappings | unmap | findings | manual]",
        description = "The live Portkey that is published to: how it stands, what differs there, and your word on it.")
final class TargetCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Override
    public Integer call() {
        return show(form);
    }

    @Command(name = "show", description = "Mode, connection, and what differed at the last reading.")
    Integer show(@Mixin Form form) {
        JsonNode target = form.api().get("/target");
        form.show(target, () -> TargetText.head(form, target));
        return 0;
    }

    @Command(name = "read", description = "Reads all of it now, and compares. Exit 1 where that failed.")
    Integer read(@Mixin Form form) {
        JsonNode answer = form.api().post("/target/read", Map.of());
        form.show(answer, () -> form.out().println(answer.path("result").asText()));
        return answer.path("result").asText().startsWith("not read") ? 1 : 0;
    }

    @Command(name = "plan", description = "What writing would come to, with everybody adopted who matches: as 'bridge plan --target'.")
    Integer plan(@Mixin Form form, @Mixin Limit limit, @Option(names = "-q", paramLabel = "WORDS") String q, @Option(names = "--kind", paramLabel = "KIND", description = "missing, extra, different, waits, unmanaged or ambiguous") String kind) {
        return TargetText.plan(form, limit, q, kind);
    }

    @Command(name = "drift", description = "What differs though nothing waits to be written. Exit 1 where something does.")
    Integer drift(@Mixin Form form, @Mixin Limit limit) {
        JsonNode list = form.api().list("/target/drift", Map.of("pending", "false", "onceAdopted", "false"), limit.most());
        form.show(list, () -> TargetText.table(form, list, "nothing differs", "kind", "sentence", "rounds", "since"));
        for (JsonNode line : list.get("items")) {
            if (!line.path("kind").asText().equals("unmanaged")) {
                return 1;
            }
        }
        return 0;
    }

    @Command(name = "adopt", description = "Makes a held plan of everybody and everything that matches there and is nobody's.")
    Integer adopt(@Mixin Form form, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        JsonNode answer = form.api().post("/target/adopt", Map.of("reason", reason));
        String plan = answer.path("plan").asText();
        form.show(answer, () -> form.out().println(answer.path("plan").isNumber() ? "plan " + plan + ": look at it with 'bridge plans " + plan + "', then 'bridge approve " + plan + "' in whole or with --only; nothing is written before 'bridge target apply'"
                : "all that matches is adopted"));
        return 0;
    }

    @Command(name = "bind", description = "Says which workspace there one of ours is.")
    Integer bind(@Mixin Form form, @Parameters(index = "0", paramLabel = "WORKSPACE") String workspace, @Parameters(index = "1", paramLabel = "SLUG", description = "of the one at Portkey, or its id") String slug,
                 @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        return done(form, "/target/bind", new TreeMap<>(Map.of("workspace", workspace, "slug", slug, "reason", reason)));
    }

    @Command(name = "invite", description = "Lets another invite go out to somebody whose last one was cancelled by hand, or expired twice.")
    Integer invite(@Mixin Form form, @Parameters(paramLabel = "PERSON", description = "e-mail, user name or id") String person, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        return done(form, "/target/invite", new TreeMap<>(Map.of("person", person, "reason", reason)));
    }

    @Command(name = "apply", description = "Everything that waits is written there from now on.")
    Integer apply(@Mixin Form form, @Option(names = "--reason", required = true, description = "for the audit") String reason,
                  @Option(names = "--make-workspaces", description = "by SCIM: the workspaces that would be made now are not at Portkey, somebody has looked; also for later ones, while it applies") boolean makes) {
        JsonNode answer = form.api().post("/target/apply", Map.of("reason", reason, "makeWorkspaces", makes));
        form.show(answer, () -> form.out().println("from now on what the bridge holds is written to Portkey"));
        return 0;
    }

    @Command(name = "observe", description = "Nothing is written there any more; it is still read.")
    Integer observe(@Mixin Form form, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        JsonNode answer = form.api().post("/target/observe", Map.of("reason", reason));
        form.show(answer, () -> form.out().println("nothing is written to Portkey any more; what changes waits"));
        return 0;
    }

    @Command(name = "resume", description = "Everybody is sent again and not only leavers, where too much failed; what failed until now does not count any more.")
    Integer resume(@Mixin Form form, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        return done(form, "/target/resume", new TreeMap<>(Map.of("reason", reason)));
    }

    @Command(name = "keys", description = "The API keys that Portkey still holds for somebody who has left; --revoke ends them. Exit 1 where there are some.")
    Integer keys(@Mixin Form form, @Parameters(paramLabel = "PERSON", description = "e-mail, user name or id") String person, @Option(names = "--revoke", description = "end them") boolean revoke,
                 @Option(names = "--only", split = ",", paramLabel = "ID", description = "of the keys to end; all of his without") List<String> only, @Option(names = "--reason", description = "for the audit, with --revoke") String reason) {
        if (revoke) {
            Map<String, Object> body = new TreeMap<>(Map.of("person", person, "keys", only == null ? List.of() : only));
            body.put("reason", reason == null ? "" : reason);
            return done(form, "/target/keys/revoke", body);
        }
        JsonNode answer = form.api().get("/target/keys", Map.of("person", person));
        form.show(answer, () -> {
            Table table = new Table("ID", "NAME", "WORKSPACE", "CREATED");
            answer.path("keys").forEach(key -> table.row(key.get("id"), key.get("name"), key.get("workspace"), key.get("createdAt")));
            if (answer.path("keys").isEmpty()) {
                form.out().println("Portkey holds no key of his, as far as it shows");
            } else {
                table.print(form.out());
            }
        });
        return answer.path("keys").isEmpty() ? 0 : 1;
    }

    @Command(name = "mappings", description = "Portkey's own mappings of SCIM groups to workspaces: whoever pushes such a group changes who is there.")
    Integer mappings(@Mixin Form form, @Mixin Limit limit) {
        JsonNode list = form.api().list("/target/mappings", Map.of(), limit.most());
        form.show(list, () -> TargetText.table(form, list, "none, as of the last reading", "id", "group", "workspace", "role", "since"));
        return 0;
    }

    @Command(name = "unmap", description = "Ends one of those mappings at Portkey; its people stay.")
    Integer unmap(@Mixin Form form, @Parameters(paramLabel = "MAPPING", description = "its id") String mapping, @Option(names = "--reason", required = true, description = "for the audit") String reason) {
        return done(form, "/target/unmap", new TreeMap<>(Map.of("mapping", mapping, "reason", reason)));
    }

    @Command(name = "findings", description = "What you should know of it, and what to do. Exit 1 where there is something.")
    Integer findings(@Mixin Form form, @Mixin Limit limit) {
        JsonNode list = form.api().list("/target/findings", Map.of("open", "true"), limit.most());
        form.show(list, () -> TargetText.table(form, list, "nothing to tell", "kind", "subject", "sentence", "todo", "since"));
        return list.get("items").isEmpty() ? 0 : 1;
    }

    @Command(name = "manual", description = "What was given by hand and is kept: who answers for it, and when to look at it again.")
    Integer manual(@Mixin Form form, @Mixin Limit limit, @Option(names = "--due", description = "only where that day has come") boolean due) {
        JsonNode list = form.api().list("/target/manual", due ? Map.of("due", "true") : Map.of(), limit.most());
        form.show(list, () -> TargetText.table(form, list, "nothing", "email", "in", "role", "owner", "reviewOn", "why"));
        return 0;
    }

    private static Integer done(Form form, String path, Map<String, ?> body) {
        JsonNode answer = form.api().post(path, body);
        form.show(answer, () -> form.sentences(answer.get("done"), "nothing changed"));
        return 0;
    }
}
