package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What a mapping's schema cannot say. */
record MappingChecks(Tree tree, Consumer<FileFault> faults) {
    private static final Set<String> ADMITS = Set.of("in-any-workspace", "everybody");

    void run() {
        tree.get("admit").ifPresent(this::admit);
        tree.get("scim").flatMap(scim -> scim.get("admit")).ifPresent(this::admit);
        Findings.namesOfTests(tree, faults);
        Map<String, Tree.Entry> fixtures = tree.get("fixtures").map(Tree::entries).orElse(Map.of());
        for (Tree test : tree.get("tests").map(Tree::items).orElse(List.of())) {
            test.get("now").ifPresent(this::instant);
            test.get("limits").ifPresent(limits -> Findings.limits(limits, faults));
            test.get("given").ifPresent(given -> given.entries().values().forEach(list -> likes(list.value(), fixtures.keySet())));
        }
    }

    /** {@code in-any-workspaces} would be an expression about nothing. */
    private void admit(Tree admit) {
        admit.asText().filter(text -> text.matches("[a-z-]+") && !ADMITS.contains(text) && !text.equals("true") && !text.equals("false"))
                .ifPresent(text -> faults.accept(admit.at().fault("'" + text + "' is neither in-any-workspace, everybody nor an expression", DidYouMean.hint(text, ADMITS))));
    }

    private void instant(Tree now) {
        try {
            now.asText().ifPresent(Instant::parse);
        } catch (DateTimeParseException e) {
            faults.accept(now.at().fault(Words.shown(now) + " is not a moment", "write for example 2026-03-31T12:00:00Z"));
        }
    }

    private void likes(Tree records, Set<String> fixtures) {
        for (Tree item : records.items()) {
            item.get("like").ifPresent(like -> like.asText().ifPresent(name -> Findings.known("fixture", name, like.at(), fixtures, faults)));
        }
    }
}
