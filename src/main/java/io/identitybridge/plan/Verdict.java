package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the guard decided: which classes and which shrinking workspaces wait for a person.
 *
 * @param classes    held classes with their reason, as {@code archive: 60 of 100 in 24 hours, at most 5}
 * @param workspaces held workspaces by folded name, with their reason
 */
public record Verdict(Mode mode, Map<ChangeClass, String> classes, Map<String, String> workspaces) {
    /** Why this line waits; empty when it may be done. */
    public Optional<String> holds(UUID person, Line line) {
        if (mode == Mode.PROPOSE) {
            return Optional.of("the source's mode is propose (portkey.yaml)");
        }
        return line.always()
                .or(() -> Optional.ofNullable(classes.get(line.within())))
                .or(() -> line.change() instanceof Change.Remove remove
                        ? Optional.ofNullable(workspaces.get(Folded.of(remove.workspace()))) : Optional.empty());
    }

    /** Every reason, for the head of a held plan. */
    public List<String> reasons() {
        List<String> all = new ArrayList<>(classes.values());
        all.addAll(workspaces.values());
        return List.copyOf(all);
    }
}
