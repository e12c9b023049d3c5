package io.identitybridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "files", description = "Shows the active set of files, activates the one on the bridge's disk, or an earlier one again. Exit 1 where the disk's is faulty or differs.")
final class FilesCommand implements Callable<Integer> {
    @Mixin
    Form form;

    @Override
    public Integer call() {
        return set(form);
    }

    @Command(name = "show", description = "The active set; with a name, that file as it is active.")
    Integer show(@Mixin Form form, @Parameters(paramLabel = "NAME", arity = "0..1", description = "as mappings/okta.yaml") String name) {
        return name == null ? set(form) : file(form, name);
    }

    @Command(name = "activate", description = "Reads the files on the bridge's disk again and activates them if nothing is wrong.")
    Integer activate(@Mixin Form form) {
        JsonNode answer = form.api().post("/files/activate", Map.of());
        form.show(answer, () -> form.out().println("active: " + answer.get("hash").asText()));
        return 0;
    }

    @Command(name = "rollback", description = "Makes an earlier set active again, and leaves the disk alone.")
    Integer rollback(@Mixin Form form, @Parameters(paramLabel = "HASH", arity = "0..1", description = "of an earlier set, or its beginning; the one before if left out") String hash) {
        JsonNode answer = form.api().post("/files/rollback", hash == null ? Map.of() : Map.of("hash", hash));
        form.show(answer, () -> form.out().println("active: " + answer.get("hash").asText() + "; the disk still holds what it held, and is taken up when it changes"));
        return 0;
    }

    private static Integer set(Form form) {
        JsonNode set = form.api().get("/files");
        form.show(set, () -> {
            form.out().println("active: " + set.path("hash").asText("none") + ", by " + set.path("activatedBy").asText("nobody") + " at " + set.path("activatedAt").asText("no time"));
            Table table = new Table("FILE", "CHARACTERS");
            set.path("files").forEach(file -> table.row(file.get("name"), file.get("characters")));
            table.print(form.out());
            set.path("earlier").forEach(one -> form.out().println("earlier: " + one.get("hash").asText() + ", by " + one.get("activatedBy").asText() + " at " + one.get("activatedAt").asText()));
            set.path("waiting").forEach(file -> form.out().println("waiting: the routes of " + file.asText() + " change when what they have begun has ended"));
            set.path("faults").forEach(fault -> form.out().println("refused: " + fault.get("file").asText() + ":" + fault.get("line").asText() + ":" + fault.get("column").asText() + ": " + fault.get("wrong").asText() + "; " + fault.get("todo").asText()));
        });
        return set.path("faults").isEmpty() ? 0 : 1;
    }

    private static Integer file(Form form, String name) {
        for (JsonNode file : form.verbatim().get("/files", Map.of("contents", "true")).path("files")) {
            if (file.get("name").asText().equals(name)) {
                form.show(file, () -> form.out().print(file.get("text").asText()));
                return 0;
            }
        }
        throw CliFault.use("the active set has no file '" + name + "'; 'bridge files' lists them");
    }
}
