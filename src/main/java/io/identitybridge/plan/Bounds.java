package io.identitybridge.plan;

import io.identitybridge.model.Account;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Organisation.MayGrant;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a source can ever give, by portkey.yaml's {@code domains} and {@code may-grant}: no mapping can widen it. */
final class Bounds {
    private final Organisation organisation;

    Bounds(Organisation organisation) {
        this.organisation = organisation;
    }

    /** Why this account's e-mail domain may not become a member; empty if it may. */
    Optional<Problem> domain(Account account) {
        return domain(account.source(), account.user().externalId().orElse(account.id().toString()), account.user());
    }

    /** The same for an account that is nobody's yet; {@code key} is what its letter is filed under. */
    Optional<Problem> domain(SourceName source, String key, User user) {
        String domain = user.domain();
        if (!allowed(organisation.domains(), domain)) {
            return Optional.of(Wishes.refusal(user, key, "email", "domain '" + domain + "' may not become a member (portkey.yaml: domains)"));
        }
        if (!allowed(of(source).domains(), domain)) {
            return Optional.of(Wishes.refusal(user, key, "email", source + " may not bring people of domain '" + domain + "' (portkey.yaml: may-grant)"));
        }
        return Optional.empty();
    }

    /** The grant, or empty with its refusal. */
    Optional<Grant> grant(String email, Grant grant, List<String> refused) {
        MayGrant may = of(grant.source());
        String line = "add " + email + " to " + grant.workspace() + " as " + grant.role() + ": " + grant.source();
        if (!mayGive(grant.source(), grant.workspace())) {
            refused.add(line + " may not give " + grant.workspace() + " (portkey.yaml)");
            return Optional.empty();
        }
        if (!may.roles().contains(grant.role())) {
            refused.add(line + " may give " + may.roles().stream().sorted().map(Object::toString).collect(Collectors.joining(", ")) + " (portkey.yaml)");
            return Optional.empty();
        }
        return Optional.of(grant);
    }

    /** The organisation role, cut down to what the source may give. */
    OrgRole orgRole(Account account, OrgRole wanted, List<String> refused) {
        OrgRole most = of(account.source()).organisation();
        if (wanted.compareTo(most) <= 0) {
            return wanted;
        }
        refused.add("make " + account.user().email() + " organisation " + wanted + ": " + account.source() + " may give at most " + most + " (portkey.yaml)");
        return most;
    }

    boolean mayGive(SourceName source, String workspace) {
        return of(source).workspaces().stream().anyMatch(glob -> matches(glob, workspace));
    }

    private MayGrant of(SourceName source) {
        return organisation.rule(source).mayGrant();
    }

    /** No domains listed allow any; {@code true} beside one allows its subdomains. */
    static boolean allowed(Map<String, Boolean> domains, String domain) {
        return domains.isEmpty() || domains.entrySet().stream().anyMatch(entry ->
                domain.equals(entry.getKey()) || entry.getValue() && domain.endsWith("." + entry.getKey()));
    }

    private static boolean matches(String glob, String workspace) {
        String pattern = Pattern.quote(glob).replace("*", "\\E.*\\Q");
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL).matcher(workspace).matches();
    }
}
