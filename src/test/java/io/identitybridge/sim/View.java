package io.identitybridge.sim;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the bridge holds at one moment.
 *
 * @param accounts   by source and the IdP's id, as {@code alpha u1}
 * @param members    living members, as {@code alpha g1 u1}
 * @param groups     names by source and the IdP's id, by the newest word
 * @param pulled     those of the groups of which a pull ever brought something
 * @param people     active people by address, with their role in the organisation
 * @param lines      as {@code Red/h1@acme.com=admin}
 * @param placed     roles by person id and workspace id, as {@code <person> <workspace>}
 * @param workspaces names by id
 * @param roles      in the organisation, of active people by their id
 * @param broken     rows that name what is not there
 * @param unsettled  accounts that are still due: what is known of them has not been looked at
 * @param held       lines that wait for a person
 * @param nameless   names of living groups of which the IdP's id is not known, as {@code alpha ws-Red-role-member}
 * @param told       inactive accounts of sources that decide, of which a letter says that they may be somebody's who is active
 */
public record View(Map<String, AccountNow> accounts, Set<String> members, Map<String, String> groups, Set<String> pulled, Map<String, String> people, Set<String> lines, Map<String, String> placed, Map<String, String> workspaces, Map<String, String> roles, Set<String> broken, Set<String> unsettled, Set<String> held, Set<String> nameless, Set<String> told) {
    /** @param id the bridge's own; @param pulled whether a pull ever brought it; @param active as the bridge believes; @param person whom it stands for; @param present whether that person is active; @param admits whether its mapping lets him in, as things stand; @param says all that decides what he wishes, where that is known */
    public record AccountNow(String id, boolean pulled, boolean active, Optional<String> person, boolean present, boolean admits, String says) {
    }
}
