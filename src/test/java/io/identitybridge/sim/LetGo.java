package io.identitybridge.sim;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Accounts that admit nobody any more, where an operator has let go what their source had given: known from outside, by what was held and is not after he has approved. */
final class LetGo {
    private static final Pattern HELD = Pattern.compile("(archive user|remove) h(\\d+)(?:-\\d+)?@acme\\.com(?: from (\\S+))? \\((\\w+) no longer admits him\\)");

    private final World world;
    /** Where an operator may have let go all. */
    private final Set<String> perhaps = new TreeSet<>();
    /** Where he has. */
    private final Set<String> surely = new TreeSet<>();
    private boolean rejected;

    LetGo(World world) {
        this.world = world;
    }

    /** What was rejected is kept, and waits no more. */
    void rejects() {
        rejected = true;
    }

    boolean perhaps(String account) {
        return perhaps.contains(account);
    }

    void saw(View before, View now, boolean approved, boolean proposing) {
        now.accounts().forEach((key, account) -> {
            if (account.admits()) {
                perhaps.remove(key);
                surely.remove(key);
            } else if (approved && account.active() && account.person().filter(person -> loses(before, now, person)).isPresent()) {
                perhaps.add(key);
            }
        });
        if (approved && !rejected) {
            before.held().stream().map(HELD::matcher).filter(Matcher::matches).filter(line -> line.group(3) != null).forEach(line -> removed(before, now, line));
        }
        if (!proposing && now.unsettled().isEmpty()) {
            now.held().stream().map(HELD::matcher).filter(Matcher::matches).filter(line -> line.group(3) == null).forEach(line -> waits(now, line));
        }
    }

    private static boolean loses(View before, View now, String person) {
        return before.roles().containsKey(person) && !now.roles().containsKey(person) || before.placed().entrySet().stream().anyMatch(place -> place.getKey().startsWith(person + " ") && !place.getValue().equals(now.placed().get(place.getKey())));
    }

    /** That is sure only where it was the last that waited of him. */
    private void removed(View before, View now, Matcher line) {
        String at = line.group(3) + "/h" + line.group(2) + "@";
        boolean gone = before.lines().stream().anyMatch(held -> held.startsWith(at)) && now.lines().stream().noneMatch(held -> held.startsWith(at));
        if (gone && now.held().stream().noneMatch(held -> held.matches(".*\\bh" + line.group(2) + "[-@].*"))) {
            now.accounts().keySet().stream().filter(key -> key.startsWith(line.group(4) + " ") && world.human(key.split(" ")[1]) == Integer.parseInt(line.group(2)) && perhaps.contains(key)).forEach(surely::add);
        }
    }

    /** Whoever has left at one source waits for none that has let him go. */
    private void waits(View now, Matcher line) {
        int human = Integer.parseInt(line.group(2));
        if (world.sharing.contains(human) || world.overruled(human)) {
            return;
        }
        Set<String> his = new TreeSet<>();
        now.accounts().forEach((key, account) -> {
            if (world.human(key.split(" ")[1]) == human && account.present()) {
                his.add(key);
            }
        });
        boolean left = his.stream().anyMatch(key -> !key.startsWith(line.group(4) + " ") && !now.accounts().get(key).active());
        if (left && his.stream().filter(key -> key.startsWith(line.group(4) + " ")).allMatch(surely::contains)) {
            throw new Judge.Wrong("h" + human + " has left and waits for " + line.group(4) + ", which an operator has let go");
        }
    }
}
