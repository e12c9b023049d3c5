package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One person's plan, parted into what is done now and what waits.
 *
 * @param now    lines to do
 * @param grants reasons to write, only of workspaces without a waiting line
 * @param waits  lines that wait, each with its reason
 */
public record Split(List<Line> now, Map<String, List<Grant>> grants, Map<Line, String> waits) {

    /**
     * Parts a plan: a person whose coming waits gets nothing yet, one whose archive waits keeps everything, and what an archive takes along
     * goes only with it. An operator may let a part of an archive pass by itself.
     */
    public static Split of(PersonPlan plan, UUID person, ApprovedPlan approved) {
        Map<Line, String> waits = new LinkedHashMap<>();
        Optional<String> coming = plan.lines().stream().filter(Split::comes).findFirst().flatMap(line -> approved.holds(person, line));
        Optional<Line> archive = plan.lines().stream().filter(line -> line.change() instanceof Change.ArchiveUser).findFirst();
        Optional<String> going = archive.isPresent() ? archive.flatMap(line -> approved.holds(person, line)) : Optional.of("the archive that it goes with was rejected");
        List<Line> now = new ArrayList<>();
        Map<String, List<Grant>> grants = new LinkedHashMap<>(plan.grants());
        for (Line line : plan.lines()) {
            Optional<String> why = coming.or(() -> line.within() == ChangeClass.ARCHIVE ? along(line, person, going, approved) : approved.holds(person, line));
            if (why.isEmpty()) {
                now.add(line);
            } else {
                waits.put(line, why.get());
                line.change().place().map(Folded::of).ifPresent(grants::remove);
            }
        }
        return new Split(now, coming.isPresent() ? Map.of() : grants, waits);
    }

    private static Optional<String> along(Line line, UUID person, Optional<String> going, ApprovedPlan approved) {
        return going.filter(why -> approved.limited() || approved.holds(person, line).isPresent());
    }

    private static boolean comes(Line line) {
        return line.change() instanceof Change.CreateUser || line.change() instanceof Change.ReviveUser;
    }
}
