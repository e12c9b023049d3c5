package io.identitybridge.model;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code mappings/portkey.yaml}, parsed: the organisation that every mapping leads to, and what no source can widen. */
public record Organisation(String name, Target target, Map<String, Boolean> domains, Pattern pattern,
                           SeveralRoles severalRoles, List<SourceName> authority, Map<SourceName, SourceRule> sources,
                           Guarded guarded, Optional<String> defaultWorkspace, Limits limits, Switches switches, Publishing publishing) {

    /** With these protected, and nobody else. */
    public Organisation guarding(Guarded others) {
        return others.equals(guarded) ? this : new Organisation(name, target, domains, pattern, severalRoles, authority, sources, others, defaultWorkspace, limits, switches, publishing);
    }

    /** What a source named nowhere may give. */
    public static final MayGrant DEFAULT_GRANT = new MayGrant(List.of("*"), Set.of(Role.values()), OrgRole.ADMIN, Map.of());

    /** The rule of a source, its own or the default. */
    public SourceRule rule(SourceName source) {
        return Optional.ofNullable(sources.get(source)).orElseGet(() -> new SourceRule(target.defaultMode(), Optional.empty(), DEFAULT_GRANT));
    }

    public enum Target {
        STORE, PORTKEY_SCIM, PORTKEY_ADMIN_API;

        /** Applies into the bridge's own store; only observes where a live Portkey stands behind it. */
        public Mode defaultMode() {
            return this == STORE ? Mode.APPLY : Mode.OBSERVE;
        }
    }

    public enum SeveralRoles { HIGHEST, LOWEST, REJECT }

    public enum Mode { OBSERVE, PROPOSE, APPLY }

    /** {@code ws-{workspace}-role-{role}}: prefix compared with case, split at the last separator, role in any case. */
    public record Pattern(String prefix, String separator) {
    }

    public record SourceRule(Mode mode, Optional<Duration> lag, MayGrant mayGrant) {
    }

    /** What a source can ever give. Workspaces are names or globs with {@code *}; domains map to "with subdomains", and none means those of the organisation. */
    public record MayGrant(List<String> workspaces, Set<Role> roles, OrgRole organisation, Map<String, Boolean> domains) {
    }

    /** People and workspaces that no source may touch. */
    public record Guarded(List<Entry> people, List<Entry> workspaces) {
    }

    /** @param name an e-mail address or a workspace's name */
    public record Entry(String name, String why, Optional<LocalDate> until) {
    }

    /**
     * Limits within a rolling 24 hours, a source.
     *
     * @param shrinks share (0 to 1) of a workspace of more than 5 that may go
     * @param raised  what holds for one source for a while; there is no way to have no limit
     * @param secondPerson whether what waits is done only once two different people have approved it
     * @param flapping how often a membership may go and come again within 24 hours before its next removal waits
     */
    public record Limits(Map<ChangeClass, Limit> byClass, double shrinks, List<Raised> raised, boolean secondPerson, int flapping) {
        public Limits(Map<ChangeClass, Limit> byClass, double shrinks, List<Raised> raised) {
            this(byClass, shrinks, raised, false, 1);
        }

        public Limits(Map<ChangeClass, Limit> byClass, double shrinks) {
            this(byClass, shrinks, List.of());
        }

        /** The limits of this source on this day, with the raises that still hold. */
        public Limits of(SourceName source, LocalDate today) {
            Map<ChangeClass, Limit> now = new HashMap<>(byClass);
            raised.stream().filter(raise -> raise.source().equals(source) && !raise.until().isBefore(today))
                    .forEach(raise -> now.merge(raise.kind(), raise.to(), Limit::larger));
            return new Limits(now, shrinks);
        }
    }

    /** One limit of one source, raised for a reason up to and with a day of UTC. */
    public record Raised(ChangeClass kind, SourceName source, Limit to, String why, LocalDate until) {
    }

    /** The larger of a share (0 to 1) of what the source holds, and a number that is always allowed. */
    public record Limit(double share, int alwaysAllow) {
        /** The most changes of this class in 24 hours where the source holds {@code base}. */
        public long most(long base) {
            return Math.max((long) Math.floor(share * base), alwaysAllow);
        }

        Limit larger(Limit other) {
            return new Limit(Math.max(share, other.share), Math.max(alwaysAllow, other.alwaysAllow));
        }
    }

    /**
     * How a live target is written and read.
     *
     * @param lag             so long it may still show the old after a write
     * @param readEvery       how often all of it is read and compared
     * @param repairs         whether what differs there is put right, or only told
     * @param callsPerSecond  what all bridges together may ask of it, 1 or more
     * @param sideBySide      keys that one bridge works on at once, 1 or more
     * @param membersOfAdmins whether organisation admins get rows in workspaces, of which they are admins without one
     * @param makesUnseen     whether a workspace that Portkey's SCIM does not show is made without asking
     */
    public record Publishing(Duration lag, Duration readEvery, boolean repairs, int callsPerSecond, int sideBySide, boolean membersOfAdmins, boolean makesUnseen) {
        public static final Publishing DEFAULT = new Publishing(Duration.ofMinutes(2), Duration.ofHours(1), true, 20, 8, false, false);
    }

    public record Switches(boolean groupBasedUserProvisioning, boolean userBasedMembership, boolean createMissingWorkspaces,
                           boolean proposeOnMappingDelete, boolean answerRefusedPeople) {
    }
}
