package io.identitybridge.sim;

import io.identitybridge.sim.Idp.Group;
import io.identitybridge.sim.Idp.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the mapping files of this world mean, said once more and independently: from what the IdPs truly hold to who should be where. */
final class Oracle {
    private static final Pattern NAME = Pattern.compile("ws-(.+)-role-(member|manager|admin)");
    private static final List<String> ROLES = List.of("member", "manager", "admin");
    private static final Map<String, List<String>> MAY_GRANT = Map.of("alpha", ROLES, "beta", ROLES, "gamma", List.of("member", "manager"));
    private static final Map<String, String> MOST = Map.of("alpha", "owner", "beta", "admin", "gamma", "member");
    private static final List<String> ORGANISATION = List.of("member", "admin", "owner");

    static final String GUEST = "Guest";
    static final String PROTECTED_PERSON = "h10@acme.com";
    static final String PROTECTED_WORKSPACE = "Gold";

    private Oracle() {
    }

    /** A workspace and a role that a group's name gives. */
    record Place(String workspace, String role) {
    }

    /** Active people by address with their role in the organisation, and lines as {@code Red/h1@acme.com=admin}. */
    record Membership(SortedMap<String, String> people, SortedSet<String> lines) {
    }

    static Optional<Place> place(String group) {
        Matcher name = NAME.matcher(group);
        return name.matches() ? Optional.of(new Place(name.group(1), name.group(2))) : Optional.empty();
    }

    /** The place that a group of this name gives by the mapping as it is then. */
    static Optional<Place> place(Idp.State state, String group) {
        return place(group).filter(place -> !state.withoutManagers() || !place.role().equals("manager"));
    }

    private static boolean mayBe(String email) {
        return email.endsWith("@acme.com") && !email.equals(PROTECTED_PERSON);
    }

    /** Whether the IdP's mapping takes somebody called so in. */
    static boolean admits(Idp.Traits traits, Idp.State state, String user) {
        return !traits.noGuests() || state.user(user).filter(u -> u.name().equals(GUEST)).isEmpty();
    }

    /** Whether this account alone makes somebody a member. */
    static boolean in(Idp.Traits traits, Idp.State state, String user) {
        return state.active(user) && admits(traits, state, user) && (!traits.placedOnly() || state.groups().values().stream().anyMatch(group -> group.members().contains(user) && place(state, group.name()).isPresent()));
    }

    /** Whether the IdP may give what a group of this name says. */
    static boolean mayGive(String source, String group) {
        return place(group).filter(place -> MAY_GRANT.get(source).contains(place.role())).isPresent();
    }

    private static String lower(String one, String other) {
        return ORGANISATION.get(Math.min(ORGANISATION.indexOf(one), ORGANISATION.indexOf(other)));
    }

    /** @param out humans who are out whatever the other IdPs say */
    static Membership membership(List<Idp> idps, Predicate<Integer> out) {
        SortedMap<String, String> people = new TreeMap<>();
        Map<String, Integer> roles = new TreeMap<>();
        for (Idp idp : idps) {
            for (User user : idp.now().users().values()) {
                if (in(idp.traits, idp.now(), user.id()) && mayBe(user.email()) && !out.test(user.human())) {
                    people.merge(user.email(), lower(user.role(), MOST.get(idp.name())), Oracle::lower); // the lowest of several sources
                    idp.now().groups().values().stream().filter(group -> group.members().contains(user.id())).map(Group::name).flatMap(name -> place(idp.now(), name).stream())
                            .filter(place -> MAY_GRANT.get(idp.name()).contains(place.role()) && !place.workspace().equals(PROTECTED_WORKSPACE)).forEach(place -> roles.merge(place.workspace() + "/" + user.email(), ROLES.indexOf(place.role()), Math::max));
                }
            }
        }
        SortedSet<String> lines = new TreeSet<>();
        roles.forEach((line, role) -> lines.add(line + "=" + ROLES.get(role)));
        return new Membership(people, lines);
    }
}
