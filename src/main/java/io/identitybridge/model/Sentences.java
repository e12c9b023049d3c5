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

    private static final String WORD = "(" + Spelling.FORM + "|\\S+)";
    private static final String NAME = "(" + Spelling.FORM + "|.+)";
    private static final String BESIDE_TO = "(" + Spelling.FORM + "|[^\"]+)";
    private static final String TEXT = "(" + Spelling.FORM + ")";
    private static final List<Form> FORMS = List.of(
            form("create user " + WORD, m -> Optional.of(new Change.CreateUser(read(m, 1)))),
            form("archive user " + WORD, m -> Optional.of(new Change.ArchiveUser(read(m, 1)))),
            form("revive user " + WORD, m -> Optional.of(new Change.ReviveUser(read(m, 1)))),
            form("rename user " + WORD + " to " + WORD, m -> Optional.of(new Change.RenameUser(read(m, 1), read(m, 2)))),
            form("update user " + WORD + ": (userName|displayName) " + TEXT + " -> " + TEXT, m -> Optional.of(new Change.UpdateUser(read(m, 1), m.group(2), read(m, 3), read(m, 4)))),
            form("update user " + WORD + ": (userName|displayName) \"(.*)\" -> \"(.*)\"", m -> Optional.of(new Change.UpdateUser(read(m, 1), m.group(2), m.group(3), m.group(4)))), // as it was written before quotes in names were escaped
            form("make " + WORD + " organisation (\\w+)", m -> OrgRole.of(m.group(2)).map(to -> new Change.SetOrgRole(read(m, 1), OrgRole.MEMBER, to))),
            form("add " + WORD + " to " + NAME + " as (\\w+)", m -> Role.of(m.group(3)).map(role -> new Change.Add(read(m, 1), read(m, 2), role))),
            form("keep " + WORD + " in " + NAME + " as (\\w+)", m -> Role.of(m.group(3)).map(role -> new Change.Keep(read(m, 1), read(m, 2), role))),
            form("raise " + WORD + " in " + NAME + " from (\\w+) to (\\w+)", m -> Role.of(m.group(3)).flatMap(from -> Role.of(m.group(4)).map(to -> new Change.Raise(read(m, 1), read(m, 2), from, to)))),
            form("lower " + WORD + " in " + NAME + " from (\\w+) to (\\w+)", m -> Role.of(m.group(3)).flatMap(from -> Role.of(m.group(4)).map(to -> new Change.Lower(read(m, 1), read(m, 2), from, to)))),
            form("remove " + WORD + " from " + NAME, m -> Optional.of(new Change.Remove(read(m, 1), read(m, 2)))),
            form("create workspace " + NAME, m -> Optional.of(new Change.CreateWorkspace(read(m, 1)))),
            form("archive workspace " + NAME, m -> Optional.of(new Change.ArchiveWorkspace(read(m, 1)))),
            form("rename workspace " + BESIDE_TO + " to " + BESIDE_TO, m -> Optional.of(new Change.RenameWorkspace(read(m, 1), read(m, 2)))),
            form("rename workspace " + NAME + " to " + NAME, m -> Optional.of(new Change.RenameWorkspace(read(m, 1), read(m, 2)))));

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

    private static String read(MatchResult sentence, int group) {
        return Spelling.read(sentence.group(group));
    }

    private static Form form(String pattern, Function<MatchResult, Optional<Change>> change) {
        return new Form(Pattern.compile(pattern, Pattern.DOTALL), change);
    }
}
