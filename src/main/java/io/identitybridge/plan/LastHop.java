package io.identitybridge.plan;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Organisation.Entry;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last look before a write, on every way in: protected people and workspaces, and the last owner, are never touched. */
public final class LastHop {
    private final Organisation organisation;
    private final LocalDate today;

    public LastHop(Organisation organisation, LocalDate today) {
        this.organisation = organisation;
        this.today = today;
    }

    /**
     * The plan without what may not be done; the refused lines stand in it with their reason.
     *
     * @param owners how many active owners the organisation has now
     */
    public PersonPlan check(PersonPlan plan, Optional<PersonNow> now, long owners) {
        List<Line> kept = new ArrayList<>();
        List<String> refused = new ArrayList<>(plan.refused());
        Map<String, List<Grant>> grants = new LinkedHashMap<>(plan.grants());
        Optional<String> all = now.flatMap(person -> guarded(organisation.guarded().people(), person.email()))
                .or(() -> plan.lines().stream().filter(line -> line.change() instanceof Change.CreateUser).findFirst().flatMap(this::taken));
        Optional<String> lastOwner = now.filter(person -> loses(plan, person) && owners <= 1).map(person -> "the last owner of the organisation");
        for (Line line : plan.lines()) {
            Optional<String> why = all.or(() -> lastOwner.filter(reason -> endsOwner(line))).or(() -> taken(line))
                    .or(() -> line.change().place().flatMap(place -> guarded(organisation.guarded().workspaces(), place)));
            if (why.isEmpty()) {
                kept.add(line);
            } else {
                refused.add(line.sentence() + ": " + why.get());
                line.change().place().map(Folded::of).ifPresent(grants::remove);
            }
        }
        return new PersonPlan(kept, all.isPresent() ? Map.of() : grants, refused);
    }

    /** Why this source may not make this workspace; empty if it may. */
    public Optional<String> refusesWorkspace(SourceName source, String name) {
        return guarded(organisation.guarded().workspaces(), name)
                .or(() -> new Bounds(organisation).mayGive(source, name) ? Optional.empty() : Optional.of(source + " may not give " + name + " (portkey.yaml)"));
    }

    /** Why this grant may not be given to him; empty if it may. */
    public Optional<String> refusesGrant(String email, Grant grant) {
        List<String> refused = new ArrayList<>();
        new Bounds(organisation).grant(email, grant, refused);
        return refused.stream().findFirst().or(() -> guarded(organisation.guarded().workspaces(), grant.workspace()));
    }

    /** Why this source may not give a workspace another name; empty if it may. Neither name may be out of its reach, and the default workspace keeps its own. */
    public Optional<String> refusesRename(SourceName source, String from, String to) {
        return refusesArchive(source, from).or(() -> refusesWorkspace(source, to));
    }

    /** Why this source may not archive this workspace; empty if it may. */
    public Optional<String> refusesArchive(SourceName source, String workspace) {
        return organisation.defaultWorkspace().filter(name -> Folded.of(name).equals(Folded.of(workspace))).map(name -> "the default workspace")
                .or(() -> refusesWorkspace(source, workspace));
    }

    /** Nobody comes to be called as somebody protected is. */
    private Optional<String> taken(Line line) {
        return switch (line.change()) {
            case Change.CreateUser create -> guarded(organisation.guarded().people(), create.email());
            case Change.RenameUser rename -> guarded(organisation.guarded().people(), rename.to());
            default -> Optional.empty();
        };
    }

    private static boolean loses(PersonPlan plan, PersonNow person) {
        return person.active() && person.orgRole() == OrgRole.OWNER && plan.lines().stream().anyMatch(LastHop::endsOwner);
    }

    private static boolean endsOwner(Line line) {
        return line.within() == io.identitybridge.model.ChangeClass.ARCHIVE
                || line.change() instanceof Change.SetOrgRole role && role.from() == OrgRole.OWNER;
    }

    private Optional<String> guarded(List<Entry> entries, String name) {
        return entries.stream().filter(entry -> Folded.of(entry.name()).equals(Folded.of(name)))
                .filter(entry -> entry.until().isEmpty() || !entry.until().get().isBefore(today)).findFirst()
                .map(entry -> "protected" + entry.until().map(day -> " until " + day).orElse("") + " (" + entry.why() + "; portkey.yaml)");
    }
}
