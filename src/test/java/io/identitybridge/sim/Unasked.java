package io.identitybridge.sim;

import java.util.HashMap;
import java.util.Map;

/** What only an edit of a mapping takes away: whoever has it keeps it until somebody approves. */
final class Unasked {
    /** People and workspaces as {@code <person> Red}. */
    private final Map<String, Idp> places = new HashMap<>();

    boolean of(String person, String workspace) {
        return places.containsKey(person + " " + workspace);
    }

    /** The mapping of a source makes nobody a manager any more. */
    void edited(View before, Idp idp) {
        before.accounts().forEach((key, account) -> account.person().ifPresent(person -> before.members().stream().filter(member -> member.startsWith(idp.name() + " ") && member.endsWith(" " + key.split(" ")[1])).filter(member -> key.startsWith(idp.name() + " "))
                .flatMap(member -> Oracle.place(before.groups().getOrDefault(idp.name() + " " + member.split(" ")[1], "")).stream()).filter(place -> place.role().equals("manager")).map(Oracle.Place::workspace)
                .filter(workspace -> nobodyElse(before, person, workspace, idp)).forEach(workspace -> places.put(person + " " + workspace, idp))));
    }

    /** Where another gives it meanwhile, the edit takes nothing away. */
    void saw(View before, View now, boolean approved) {
        places.entrySet().removeIf(place -> approved || !nobodyElse(before, place.getKey().split(" ")[0], place.getKey().split(" ")[1], place.getValue()) || otherRole(now, place.getKey()));
    }

    /** Whether no other group gives it. */
    private static boolean nobodyElse(View before, String person, String workspace, Idp edited) {
        return before.members().stream().map(member -> member.split(" ")).filter(part -> before.accounts().get(part[0] + " " + part[2]).person().filter(person::equals).isPresent())
                .noneMatch(part -> Oracle.place(before.groups().getOrDefault(part[0] + " " + part[1], "")).filter(place -> place.workspace().equals(workspace) && !(part[0].equals(edited.name()) && place.role().equals("manager"))).isPresent());
    }

    /** Whether he is something else there than the manager that the edit left him: a group gives that which may have been pushed without the IdP's id, so that its members are not seen from here. */
    private static boolean otherRole(View now, String place) {
        String[] part = place.split(" ");
        return now.placed().entrySet().stream().anyMatch(held -> held.getKey().startsWith(part[0] + " ") && part[1].equals(now.workspaces().get(held.getKey().split(" ")[1])) && !held.getValue().equals("manager"));
    }
}
