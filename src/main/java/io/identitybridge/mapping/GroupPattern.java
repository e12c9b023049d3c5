package io.identitybridge.mapping;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads workspace and role out of a group's name (Portkey's guide, group management): everything but the role is compared with case,
 * the split is at the last separator, and an empty workspace or a word that is no workspace role does not match.
 */
public final class GroupPattern {
    private final Pattern pattern;
    private final Optional<Role> fixed;

    private GroupPattern(Pattern pattern, Optional<Role> fixed) {
        this.pattern = pattern;
        this.fixed = fixed;
    }

    /** Workspace and role of a matching name. */
    public record Match(String workspace, Role role) {
    }

    /** {@code ws-{workspace}-role-{role}} with the organisation's prefix and separator. */
    public static GroupPattern of(Organisation.Pattern pattern) {
        return new GroupPattern(Pattern.compile(Pattern.quote(pattern.prefix()) + "(?<workspace>.+)" + Pattern.quote(pattern.separator()) + "(?<role>[^\\s]+?)", Pattern.DOTALL), Optional.empty());
    }

    /** A pattern of a mapping's own, as {@code ai.{workspace}.{role}}; with a fixed role it may name the workspace alone. */
    public static GroupPattern of(String template, Optional<Role> fixed) {
        String quoted = Pattern.quote(template).replace("{workspace}", "\\E(?<workspace>.+)\\Q").replace("{role}", "\\E(?<role>[^\\s]+?)\\Q");
        return new GroupPattern(Pattern.compile(quoted, Pattern.DOTALL), fixed);
    }

    /** The workspace and role that this name gives; empty if it is a plain group. */
    public Optional<Match> match(String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches() || matcher.group("workspace").isBlank()) {
            return Optional.empty();
        }
        Optional<Role> role = fixed.isPresent() ? fixed : Role.of(matcher.group("role"));
        return role.map(r -> new Match(matcher.group("workspace").strip(), r));
    }
}
