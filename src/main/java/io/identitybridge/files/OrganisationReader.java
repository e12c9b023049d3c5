package io.identitybridge.files;

import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Organisation.Entry;
import io.identitybridge.model.Organisation.MayGrant;
import io.identitybridge.model.Organisation.Mode;
import io.identitybridge.model.Organisation.SeveralRoles;
import io.identitybridge.model.Organisation.SourceRule;
import io.identitybridge.model.Organisation.Target;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the organisation of a {@code portkey.yaml} without faults. */
final class OrganisationReader {
    private final Read read;
    private final Target target;
    private final Map<String, Boolean> domains;

    private OrganisationReader(Tree tree) {
        read = new Read(tree);
        target = read.maybe("target").map(word -> word(Target.class, word)).orElse(Target.STORE);
        domains = new LinkedHashMap<>();
        read.textMap("domains").forEach((domain, how) -> domains.put(domain.toLowerCase(Locale.ROOT), how.equals("with-subdomains")));
    }

    static Organisation read(Tree tree) {
        return new OrganisationReader(tree).organisation();
    }

    private Organisation organisation() {
        Map<SourceName, SourceRule> sources = new LinkedHashMap<>();
        read.map("sources", this::rule).forEach((name, rule) -> sources.put(new SourceName(name), rule));
        Read guarded = read.in("protected");
        return new Organisation(read.text("organisation"), target, domains, pattern(read.tree()),
                read.maybe("several-roles").map(word -> word(SeveralRoles.class, word)).orElse(SeveralRoles.HIGHEST),
                read.texts("authority").orElse(List.of()).stream().map(SourceName::new).toList(), sources,
                new Organisation.Guarded(entries(guarded, "people", "email"), entries(guarded, "workspaces", "name")),
                read.maybe("default-workspace"), LimitReader.read(read.plain("limits"), LimitReader.DEFAULTS), switches(read.in("switches"), target == Target.STORE), publishing(read.in("publish")));
    }

    private static Organisation.Publishing publishing(Read read) {
        Organisation.Publishing usual = Organisation.Publishing.DEFAULT;
        return new Organisation.Publishing(read.duration("lag").orElse(usual.lag()), read.duration("read-every").orElse(usual.readEvery()), !read.maybe("drift").equals(Optional.of("report")),
                read.number("calls-per-second").orElse(usual.callsPerSecond()), read.number("side-by-side").orElse(usual.sideBySide()), read.maybe("members-of-admins").equals(Optional.of("write")), read.maybe("unseen-workspaces").equals(Optional.of("make")));
    }

    /** The group pattern of a portkey.yaml; Portkey's own where it says nothing. */
    static Organisation.Pattern pattern(Tree portkey) {
        Read pattern = Read.of(portkey.get("pattern"));
        return new Organisation.Pattern(pattern.maybe("prefix").orElse("ws-"), pattern.maybe("separator").orElse("-role-"));
    }

    private SourceRule rule(Tree tree) {
        Read rule = new Read(tree);
        Mode mode = rule.maybe("mode").map(word -> word(Mode.class, word)).orElse(target.defaultMode());
        return new SourceRule(mode, rule.duration("lag"), grant(rule.in("may-grant")));
    }

    private MayGrant grant(Read grant) {
        MayGrant all = Organisation.DEFAULT_GRANT;
        Set<Role> roles = new LinkedHashSet<>();
        grant.texts("roles").ifPresent(words -> words.forEach(word -> roles.add(word(Role.class, word))));
        Map<String, Boolean> claimed = new LinkedHashMap<>();
        grant.texts("domains").orElse(List.of()).stream().map(domain -> domain.toLowerCase(Locale.ROOT))
                .forEach(domain -> claimed.put(domain, domains.getOrDefault(domain, false)));
        return new MayGrant(grant.texts("workspaces").orElse(all.workspaces()), grant.has("roles") ? roles : all.roles(),
                grant.maybe("organisation").map(word -> word(OrgRole.class, word)).orElse(all.organisation()), claimed);
    }

    private static List<Entry> entries(Read guarded, String kind, String name) {
        return guarded.each(kind).stream()
                .map(entry -> new Entry(entry.text(name), entry.text("why"), entry.maybe("until").map(LocalDate::parse))).toList();
    }

    private static Organisation.Switches switches(Read read, boolean store) {
        return new Organisation.Switches(read.flag("group-based-user-provisioning", false), read.flag("user-based-membership", false),
                read.flag("create-missing-workspaces", store), !read.maybe("on-mapping-delete").equals(Optional.of("keep")),
                read.maybe("refused-people").filter("answer"::equals).isPresent());
    }

    private static <E extends Enum<E>> E word(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
