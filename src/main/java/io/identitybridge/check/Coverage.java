package io.identitybridge.check;

import io.identitybridge.files.MappingFile;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which rules and expressions of a mapping no test meets: what nobody has tried is not loaded. */
final class Coverage {
    static final String GROUPS = "groups";
    static final String PULLED = "pulled";
    static final String PULLED_ACTIVE = "pulled active";
    static final String PUSHED = "pushed";
    static final String PUSHED_ACTIVE = "pushed active";
    static final String PUSHED_GROUPS = "pushed groups";

    private final MappingFile file;
    private final boolean pulls;
    private final Set<String> met = new HashSet<>();

    /** @param pulls whether there is a source file: without one the source only pushes, and nothing pulled needs a test */
    Coverage(MappingFile file, boolean pulls) {
        this.file = file;
        this.pulls = pulls;
    }

    void add(Outcome outcome) {
        met.addAll(outcome.met());
    }

    List<FileFault> faults() {
        List<FileFault> faults = new ArrayList<>();
        file.workspaces().stream().filter(rule -> !met.contains(rule.at().rule())).forEach(rule ->
                faults.add(rule.at().fault("no test meets this rule", "add a test in which it gives somebody a workspace")));
        if (pulls) {
            pulled(faults);
            file.scim().ifPresent(scim -> pushed(scim, faults));
        } else if (!met.contains(PUSHED_ACTIVE)) {
            faults.add(file.at().fault("no test pushes a user who is active, and without a source file nobody is pulled", "add a test with given: {pushed: [...]}"));
        }
        return faults;
    }

    private void pulled(List<FileFault> faults) {
        if (!met.contains(PULLED_ACTIVE)) {
            faults.add(file.at().fault("no test reads a pulled user who is active", "add a test with given: {users: [...]}"));
        }
        file.group().ifPresent(group -> first(group).filter(at -> !met.contains(GROUPS)).ifPresent(at -> faults.add(at.fault("no test reads a group", "add a test with given: {groups: [...]}"))));
    }

    private void pushed(MappingFile.Scim scim, List<FileFault> faults) {
        Optional<Where> admit = scim.admit().map(how -> switch (how) {
            case MappingFile.Admit.When when -> when.expr().at();
            case MappingFile.Admit.Everybody all -> all.at();
            case MappingFile.Admit.InAnyWorkspace any -> any.at();
        });
        admit.or(() -> java.util.stream.Stream.of(scim.user().externalId(), scim.user().userName(), scim.user().email(), scim.user().displayName(), scim.user().active(), scim.user().roles(), scim.user().person())
                .flatMap(Optional::stream).map(expr -> expr.at()).findFirst()).filter(at -> !met.contains(PUSHED_ACTIVE))
                .ifPresent(at -> faults.add(at.fault("no test pushes a user who is active", "add a test with given: {pushed: [...]}")));
        scim.group().flatMap(Coverage::first).filter(at -> !met.contains(PUSHED_GROUPS)).ifPresent(at -> faults.add(at.fault("no test pushes a group", "add a test with given: {pushed-groups: [...]}")));
    }

    private static Optional<Where> first(MappingFile.GroupExprs group) {
        return group.keep().or(group::displayName).or(group::externalId).map(expr -> expr.at());
    }
}
