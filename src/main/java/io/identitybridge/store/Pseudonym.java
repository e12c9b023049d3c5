package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Sentences;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in the place of somebody who is forgotten, {@code person:3f9c1a2b}: the first digits of his id, so that the audit still says that it was one
 * and the same.
 *
 * @param names what he went by; the longest is looked for first
 */
record Pseudonym(String value, List<String> names) {
    private static final String LEFT_OUT = "...";
    private static final int SHORTEST = 2;

    static Pseudonym of(UUID id, Collection<String> names) {
        return new Pseudonym("person:" + id.toString().substring(0, 8), names.stream().filter(name -> name.strip().length() >= SHORTEST).distinct()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder())).toList());
    }

    /** The same for only some of the names. */
    Pseudonym with(Collection<String> some) {
        return new Pseudonym(value, names.stream().filter(some::contains).toList());
    }

    /** A sentence of his own audit rows or plan lines. Workspaces and roles stay. */
    String in(String sentence) {
        return Sentences.read(sentence).map(this::of).map(Change::sentence).map(told -> told.equals(sentence) ? within(sentence) : told).orElseGet(() -> within(sentence));
    }

    private Change of(Change change) {
        return switch (change) {
            case Change.CreateUser create -> new Change.CreateUser(value);
            case Change.ArchiveUser archive -> new Change.ArchiveUser(value);
            case Change.ReviveUser revive -> new Change.ReviveUser(value);
            case Change.RenameUser rename -> new Change.RenameUser(value, value);
            case Change.UpdateUser update -> new Change.UpdateUser(value, update.attribute(), LEFT_OUT, LEFT_OUT);
            case Change.SetOrgRole set -> new Change.SetOrgRole(value, OrgRole.MEMBER, set.to());
            case Change.Add add -> new Change.Add(value, add.workspace(), add.role());
            case Change.Keep keep -> new Change.Keep(value, keep.workspace(), keep.role());
            case Change.Raise raise -> new Change.Raise(value, raise.workspace(), raise.from(), raise.to());
            case Change.Lower lower -> new Change.Lower(value, lower.workspace(), lower.from(), lower.to());
            case Change.Remove remove -> new Change.Remove(value, remove.workspace());
            case Change.CreateWorkspace workspace -> workspace;
            case Change.RenameWorkspace workspace -> workspace;
            case Change.ArchiveWorkspace workspace -> workspace;
        };
    }

    /** Any text: his names in whatever case, where they are words of their own. */
    String within(String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        String told = text;
        for (String name : names) {
            if (folded.contains(name.toLowerCase(Locale.ROOT))) {
                told = Pattern.compile("(?<![\\w@.+-])" + Pattern.quote(name) + "(?![\\w@+-]|\\.\\w)", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE).matcher(told).replaceAll(Matcher.quoteReplacement(value));
            }
        }
        return told;
    }

    /** Whom a change is about, in whatever words it names him. */
    static List<String> named(String sentence) {
        return Sentences.read(sentence).map(change -> switch (change) {
            case Change.CreateUser create -> List.of(create.email());
            case Change.RenameUser rename -> List.of(rename.from(), rename.to());
            case Change.UpdateUser update -> List.of(update.email(), update.from(), update.to());
            case Change.ArchiveUser archive -> List.of(archive.email());
            case Change.ReviveUser revive -> List.of(revive.email());
            case Change.SetOrgRole set -> List.of(set.email());
            case Change.Add add -> List.of(add.email());
            case Change.Keep keep -> List.of(keep.email());
            case Change.Raise raise -> List.of(raise.email());
            case Change.Lower lower -> List.of(lower.email());
            case Change.Remove remove -> List.of(remove.email());
            case Change.CreateWorkspace workspace -> List.<String>of();
            case Change.RenameWorkspace workspace -> List.<String>of();
            case Change.ArchiveWorkspace workspace -> List.<String>of();
        }).orElse(List.of());
    }
}
