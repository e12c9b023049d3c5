package io.identitybridge.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the one sentence of a change back (DESIGN section 2), as audit and plans hold it. */
public final class Sentences {
    private record Form(Pattern pattern, Function<MatchResult, Optional<Change>> change) {
    }

    private static final List<Form> FORMS = List.of(
            form("create user (\\S+)", m -> Optional.of(new Change.CreateUser(m.group(1)))),
            form("archive user (\\S+)", m -> Optional.of(new Change.ArchiveUser(m.group(1)))),
            form("revive user (\\S+)", m -> Optional.of(new Change.ReviveUser(m.group(1)))),
            form("rename user (\\S+) to (\\S+)", m -> Optional.of(new Change.RenameUser(m.group(1), m.group(2)))),
            form("update user (\\S+): (userName|displayName) \"(.*)\" -> \"(.*)\"", m -> Optional.of(new Change.UpdateUser(m.group(1), m.group(2), m.group(3), m.group(4)))),
            form("make (\\S+) organisation (\\w+)", m -> OrgRole.of(m.group(2)).map(to -> new Change.SetOrgRole(m.group(1), OrgRole.MEMBER, to))),
            form("add (\\S+) to (.+) as (\\w+)", m -> Role.of(m.group(3)).map(role -> new Change.Add(m.group(1), m.group(2), role))),
            form("keep (\\S+) in (.+) as (\\w+)", m -> Role.of(m.group(3)).map(role -> new Change.Keep(m.group(1), m.group(2), role))),
            form("raise (\\S+) in (.+) from (\\w+) to (\\w+)", m -> Role.of(m.group(3)).flatMap(from -> Role.of(m.group(4)).map(to -> new Change.Raise(m.group(1), m.group(2), from, to)))),
            form("lower (\\S+) in (.+) from (\\w+) to (\\w+)", m -> Role.of(m.group(3)).flatMap(from -> Role.of(m.group(4)).map(to -> new Change.Lower(m.group(1), m.group(2), from, to)))),
            form("remove (\\S+) from (.+)", m -> Optional.of(new Change.Remove(m.group(1), m.group(2)))),
            form("create workspace (.+)", m -> Optional.of(new Change.CreateWorkspace(m.group(1)))),
            form("archive workspace (.+)", m -> Optional.of(new Change.ArchiveWorkspace(m.group(1)))),
            form("rename workspace (.+) to (.+)", m -> Optional.of(new Change.RenameWorkspace(m.group(1), m.group(2)))));

    private Sentences() {
    }

    /** The change that the sentence says; empty for one of another kind. An organisation role's sentence does not say the role before: it reads as from member. */
    public static Optional<Change> read(String sentence) {
        for (Form form : FORMS) {
            Matcher matcher = form.pattern().matcher(sentence);
            if (matcher.matches()) {
                return form.change().apply(matcher.toMatchResult());
            }
        }
        return Optional.empty();
    }

    private static Form form(String pattern, Function<MatchResult, Optional<Change>> change) {
        return new Form(Pattern.compile(pattern, Pattern.DOTALL), change);
    }
}
