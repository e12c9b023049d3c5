package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Whether the files of a set belong together. */
record SetChecks(Draft draft, Consumer<FileFault> faults) {
    private static final Set<String> GIVEN = Set.of("users", "groups", "pushed", "pushed-groups");

    void run() {
        draft.sources.forEach(this::source);
        draft.mappings.forEach(this::mapping);
        draft.routes.values().forEach(this::route);
        draft.portkey().ifPresent(this::portkey);
    }

    private void source(String name, Tree source) {
        called(name, source, "source");
        if (!draft.hasMapping(name)) {
            faults.accept(source.at().fault("source '" + name + "' has no mapping", "write mappings/" + name + ".yaml, or take the source away"));
        }
    }

    private void mapping(String name, Tree mapping) {
        called(name, mapping, "mapping");
        Optional<Tree> source = Optional.ofNullable(draft.sources.get(name));
        source.ifPresent(pulled -> attributes(pulled, mapping));
        Set<String> lists = new HashSet<>(GIVEN);
        source.flatMap(pulled -> pulled.get("read")).ifPresent(read -> lists.addAll(read.entries().keySet()));
        for (Tree test : mapping.get("tests").map(Tree::items).orElse(List.of())) {
            test.get("given").map(Tree::entries).orElse(Map.of()).forEach((key, entry) -> nearMiss("list", key, entry.keyAt(), lists));
        }
    }

    private void called(String name, Tree file, String key) {
        Tree called = file.get(key).orElse(file);
        if (file.text(key).filter(text -> !text.equals(name)).isPresent()) {
            faults.accept(called.at().fault("the file is named for '" + name + "' and says " + Words.shown(called), "give both the same name"));
        }
    }

    /** A pulled record has no names of its own that could stand in. */
    private void attributes(Tree source, Tree mapping) {
        Tree user = mapping.get("user").orElse(mapping);
        for (String key : List.of("externalId", "userName", "email", "active")) {
            if (user.get(key).isEmpty() && !Findings.misspelt(user, key) && !Findings.misspelt(mapping, "user")) {
                faults.accept(user.at().fault("user." + key + " is missing, and " + source.at().file() + " pulls users", "add " + key + ": an expression over record"));
            }
        }
        boolean groups = source.get("read").flatMap(read -> read.get("groups")).isPresent()
                && mapping.get("workspaces").map(Tree::items).orElse(List.of()).stream().anyMatch(rule -> rule.get("group").isPresent());
        Tree group = mapping.get("group").orElse(mapping);
        if (groups && group.get("displayName").isEmpty() && !Findings.misspelt(group, "displayName") && !Findings.misspelt(mapping, "group")) {
            faults.accept(group.at().fault("group.displayName is missing, and the rules compare it", "add displayName: an expression over record"));
        }
    }

    private void route(Tree tree) {
        tree.entries().values().forEach(entry -> route(entry.value()));
        tree.items().forEach(this::route);
        tree.asText().filter(text -> text.startsWith("idp:") && !text.contains("{")).ifPresent(uri -> {
            String name = uri.substring("idp:".length()).split("[?/]", 2)[0];
            if (!draft.hasSource(name)) {
                faults.accept(tree.at().fault("no source '" + name + "' (routes/" + name + ".source.yaml)", DidYouMean.hint(name, draft.sources.keySet())));
            }
        });
    }

    private void portkey(Tree portkey) {
        for (Tree name : portkey.get("authority").map(Tree::items).orElse(List.of())) {
            name.asText().filter(text -> !draft.hasMapping(text))
                    .ifPresent(text -> faults.accept(name.at().fault("no mapping for source '" + text + "'", DidYouMean.hint(text, draft.mappings.keySet()))));
        }
        portkey.get("sources").map(Tree::entries).orElse(Map.of()).forEach((name, entry) -> {
            if (!draft.hasMapping(name)) {
                nearMiss("source", name, entry.keyAt(), draft.mappings.keySet());
            }
        });
        portkey.get("limits").flatMap(limits -> limits.get("raised")).map(Tree::items).orElse(List.of()).forEach(raise -> raise.get("source")
                .ifPresent(name -> name.asText().filter(text -> !draft.hasMapping(text)).ifPresent(text -> nearMiss("source", text, name.at(), draft.mappings.keySet()))));
    }

    /** An unlike name may be a source that was taken away, whose people are frozen; a near one is a slip of the pen. */
    private void nearMiss(String kind, String name, Where at, Collection<String> known) {
        if (!known.contains(name)) {
            DidYouMean.of(name, known).ifPresent(meant -> faults.accept(at.fault("unknown " + kind + " '" + name + "'", "did you mean '" + meant + "'?")));
        }
    }
}
