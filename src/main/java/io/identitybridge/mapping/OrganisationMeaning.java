package io.identitybridge.mapping;

import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@code portkey.yaml} says that decides what the people of one source get: where it differs, all of them are looked at again. */
public final class OrganisationMeaning {
    private OrganisationMeaning() {
    }

    /** A hash of it, as it holds on this day: protection that ends is another meaning. Limits are not in it: they judge changes, and make none. */
    public static String of(Organisation organisation, SourceName source, LocalDate today) {
        Organisation.SourceRule rule = organisation.rule(source);
        Map<String, Object> parts = new TreeMap<>();
        parts.put("domains", new TreeMap<>(organisation.domains()));
        parts.put("several", organisation.severalRoles().toString());
        parts.put("authority", organisation.authority().stream().map(SourceName::value).toList());
        parts.put("mode", rule.mode().toString());
        parts.put("workspaces", sorted(rule.mayGrant().workspaces()));
        parts.put("roles", sorted(rule.mayGrant().roles()));
        parts.put("organisation", rule.mayGrant().organisation().toString());
        parts.put("source-domains", new TreeMap<>(rule.mayGrant().domains()));
        parts.put("people", guarded(organisation.guarded().people(), today));
        parts.put("guarded", guarded(organisation.guarded().workspaces(), today));
        parts.put("switches", organisation.switches().toString());
        return Canonical.hex(parts);
    }

    private static List<String> sorted(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().toList();
    }

    private static List<String> guarded(List<Organisation.Entry> entries, LocalDate today) {
        return List.copyOf(new TreeSet<>(entries.stream().filter(entry -> entry.until().isEmpty() || !entry.until().get().isBefore(today)).map(Organisation.Entry::name).toList()));
    }
}
