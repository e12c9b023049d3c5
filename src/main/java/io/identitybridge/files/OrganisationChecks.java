package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What portkey.yaml's schema cannot say. */
record OrganisationChecks(Tree tree, Consumer<FileFault> faults) {

    void run() {
        tree.get("limits").ifPresent(limits -> Findings.limits(limits, faults));
        tree.get("limits").flatMap(limits -> limits.get("raised")).map(Tree::items).orElse(List.of()).forEach(raise -> {
            Findings.limits(raise, faults);
            raise.get("until").ifPresent(this::date);
        });
        for (String kind : List.of("people", "workspaces")) {
            tree.get("protected").flatMap(guarded -> guarded.get(kind)).map(Tree::items).orElse(List.of())
                    .forEach(entry -> entry.get("until").ifPresent(this::date));
        }
        Optional<String> target = tree.text("target").filter(name -> !name.equals("store"));
        if (target.isPresent() && tree.get("domains").map(domains -> domains.entries().isEmpty()).orElse(true)) {
            faults.accept(tree.get("target").orElse(tree).at().fault("target " + target.get() + " without domains would let any e-mail domain in",
                    "list the organisation's domains, or take target: store"));
        }
    }

    private void date(Tree until) {
        try {
            until.asText().ifPresent(LocalDate::parse);
        } catch (DateTimeParseException e) {
            faults.accept(until.at().fault(Words.shown(until) + " is not a date", "write for example 2027-06-30"));
        }
    }
}
