package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An operator's word on one person: the commands that need a reason. */
final class HandCommands {
    private HandCommands() {
    }

    /** What they have in common. */
    abstract static class Word implements Callable<Integer> {
        @Mixin
        Form form;

        @Option(names = "--reason", required = true, description = "for the audit")
        String reason;

        Integer said(String path, Map<String, String> body) {
            JsonNode answer = form.api().post(path, body);
            form.show(answer, () -> form.sentences(answer.get("done"), "nothing changed"));
            return 0;
        }
    }

    /** About one person. */
    abstract static class PersonWord extends Word {
        @Parameters(paramLabel = "PERSON", description = "e-mail, user name or id")
        String person;

        Integer said(String path) {
            return said(path, Map.of("person", person, "reason", reason));
        }
    }

    /** About one account; what more it takes comes after it. */
    abstract static class AccountWord extends Word {
        @Parameters(index = "0", paramLabel = "SOURCE")
        String source;

        @Parameters(index = "1", paramLabel = "ACCOUNT", description = "the IdP's id, ours, or the user name")
        String account;
    }

    @Command(name = "revoke", description = "Ends a person's access at once; no source brings him back until 'lift'.")
    static final class Revoke extends PersonWord {
        @Override
        public Integer call() {
            return said("/revoke");
        }
    }

    @Command(name = "lift", description = "Lifts a revocation: the person is again what his accounts say.")
    static final class Lift extends PersonWord {
        @Override
        public Integer call() {
            return said("/lift");
        }
    }

    @Command(name = "forget", description = "Destroys what is held of a person who is gone everywhere; a pseudonym stays in the audit.")
    static final class Forget extends PersonWord {
        @Override
        public Integer call() {
            return said("/forget");
        }
    }

    @Command(name = "link", description = "Says whose an account is.")
    static final class Link extends AccountWord {
        @Parameters(index = "2", paramLabel = "PERSON", description = "e-mail, user name or id")
        String person;

        @Override
        public Integer call() {
            return said("/link", Map.of("source", source, "account", account, "person", person, "reason", reason));
        }
    }

    @Command(name = "unlink", description = "Says that an account is not the person's whose it is: it becomes somebody else.")
    static final class Unlink extends AccountWord {
        @Override
        public Integer call() {
            return said("/unlink", Map.of("source", source, "account", account, "reason", reason));
        }
    }

    @Command(name = "re-anchor", description = "Says that the IdP knows an account by another id now.")
    static final class Anchor extends AccountWord {
        @Parameters(index = "2", paramLabel = "ID", description = "the IdP's id from now on")
        String id;

        @Override
        public Integer call() {
            return said("/re-anchor", Map.of("source", source, "account", account, "id", id, "reason", reason));
        }
    }

    @Command(name = "undo", description = "Takes back what was done of a held plan, and says what cannot be undone. Exit 1 where something cannot.")
    static final class UndoPlan extends Word {
        @Parameters(paramLabel = "PLAN", description = "its number, as 'bridge plans --all' shows it")
        long plan;

        @Override
        public Integer call() {
            JsonNode answer = form.api().post("/plans/" + plan + "/undo", Map.of("reason", reason));
            form.show(answer, () -> form.sentences(answer.get("lines"), "the plan has no lines"));
            for (JsonNode line : answer.get("lines")) {
                if (line.asText().contains(": cannot be undone: ")) {
                    return 1;
                }
            }
            return 0;
        }
    }
}
