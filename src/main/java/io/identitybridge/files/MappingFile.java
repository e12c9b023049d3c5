package io.identitybridge.files;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code mappings/<source>.yaml}, parsed: what one IdP's users and groups mean in Portkey. */
public record MappingFile(SourceName name, Admit admit, boolean archiveOutOfScope,
                          UserExprs user, Optional<Scim> scim, Optional<GroupExprs> group,
                          List<Rule> workspaces, Deprovision deprovision,
                          Map<String, Map<String, Object>> fixtures, List<Test> tests, Where at) {

    /** Who becomes a member at all. */
    public sealed interface Admit {
        record InAnyWorkspace(Where at) implements Admit {
        }

        record Everybody(Where at) implements Admit {
        }

        record When(Expr expr) implements Admit {
        }
    }

    /** The attributes of a user, one expression each; an empty one means SCIM's own name where {@code resource} is read. */
    public record UserExprs(Optional<Expr> externalId, Optional<Expr> userName, Optional<Expr> email, Optional<Expr> displayName,
                            Optional<Expr> active, Optional<Expr> roles, Optional<Expr> person) {
    }

    /** What differs for pushed resources. */
    public record Scim(Optional<Admit> admit, UserExprs user, Optional<GroupExprs> group) {
    }

    public record GroupExprs(Optional<Expr> keep, Optional<Expr> externalId, Optional<Expr> displayName) {
    }

    /** One rule under {@code workspaces}. */
    public sealed interface Rule {
        Where at();

        /** {@code group: pattern}, or {@code group: ai.{workspace}.{role}}. {@code pattern} empty = portkey.yaml's. */
        record ByPattern(Optional<String> pattern, Optional<String> role, Where at) implements Rule {
        }

        /** A group by its exact name gives one role in each workspace. */
        record ByName(String group, List<String> workspaces, String role, Where at) implements Rule {
        }

        /** An attribute gives one role in each workspace. */
        record When(Expr when, List<String> workspaces, String role, Where at) implements Rule {
        }
    }

    /** What becomes of leavers. */
    public record Deprovision(boolean archiveInactive, boolean archiveMissing, Duration missingAfter, GroupMissing groupMissing) {
    }

    public enum GroupMissing { REMOVE_MEMBERS, ARCHIVE_WORKSPACE, KEEP }

    /**
     * One test of the file. {@code given} and {@code before} stay as written: the check package reads them.
     *
     * @param expected where each expected line stands, by key ({@code plan}, {@code refused}, {@code dead-letters}, {@code held}): the key's value first, then its elements
     */
    public record Test(String name, Optional<Instant> now, Map<String, Object> before, Map<String, Object> given, Map<String, Object> limits,
                       List<String> plan, List<String> refused, List<String> deadLetters, Optional<String> held, Map<String, List<Where>> expected, Where at) {
    }
}
