package io.identitybridge.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What operators decided, what keeps changing its mind, and which workspace is which: held against what is done. */
final class Decisions {
    static final String DEFAULT_WORKSPACE = "Red";
    private static final Duration DAY = Duration.ofHours(24).minusMinutes(1);
    private static final Pattern HUMAN = Pattern.compile("\\bh(\\d+)(-\\d+)?@[\\w.]+");
    /** The workspace that a sentence is about, a removal or another. */
    private static final Pattern PLACE = Pattern.compile("^(?:remove \\S+ from|add \\S+ to|(?:raise|lower) \\S+ in) (\\S+)");
    private static final Pattern LINE = Pattern.compile("(archive user|create user|remove) (\\S+)(?: from (\\S+))?");

    private final World world;
    private final Map<String, Instant> went = new HashMap<>();
    private final Set<String> back = new HashSet<>();
    /** By sentence, what was known of whom it is about when it was rejected. */
    private final Map<String, String> rejected = new HashMap<>();
    private final Set<Integer> undecided = new HashSet<>();
    /** People who were archived on an operator's word. */
    private final Set<String> sentAway = new HashSet<>();
    private Optional<String> defaultWorkspace = Optional.empty();

    Decisions(World world) {
        this.world = world;
    }

    void rulesChanged() {
        rejected.clear();
    }

    void rejects(View now) {
        for (String held : now.held()) {
            Matcher human = HUMAN.matcher(held);
            if (human.find()) {
                int number = Integer.parseInt(human.group(1));
                undecided.add(number);
                undecided.addAll(called(now, human.group()));
                if (!world.sharing.contains(number) && now.unsettled().stream().noneMatch(account -> account.contains(" u") && world.human(account.split(" ")[1]) == number)) { // else it was said about what was known before
                    rejected.put(held.replaceAll(" \\(.*", ""), known(now, number));
                }
            }
        }
    }

    /** All whom the bridge knows by this address: what was rejected may be about him who has it from somebody else. */
    private Set<Integer> called(View now, String email) {
        return now.accounts().entrySet().stream().filter(account -> account.getValue().says().contains("email=" + email + ",")).map(account -> world.human(account.getKey().split(" ")[1])).collect(Collectors.toSet());
    }

    private String known(View now, int human) {
        Map<String, String> all = new TreeMap<>();
        now.accounts().forEach((key, account) -> {
            if (world.human(key.split(" ")[1]) == human) {
                all.put(key, account.person() + " " + account.says());
            }
        });
        return all.toString();
    }

    /** Whether a finding is about somebody of whom an operator rejected something, or whom alpha may or may not have been known to have. */
    boolean undecided(String finding) {
        Matcher human = HUMAN.matcher(finding);
        return human.find() && (undecided.contains(Integer.parseInt(human.group(1))) || gone(Integer.parseInt(human.group(1)))) || !undecided.isEmpty() && finding.startsWith("still waiting");
    }

    /**
     * Whether he whom the finding misses was archived on an operator's word, and another of his accounts has come under his address since: nobody could tell then that
     * it is not somebody new, and when he is admitted again, that one has the address. That is a letter, which names both, and no guess.
     */
    boolean lettered(View view, String finding) {
        Matcher human = HUMAN.matcher(finding);
        return finding.startsWith("missing: ") && human.find() && view.people().containsKey(human.group())
                && view.accounts().entrySet().stream().filter(account -> world.human(account.getKey().split(" ")[1]) == Integer.parseInt(human.group(1))).map(Map.Entry::getValue)
                        .anyMatch(account -> account.admits() && !account.present() && account.person().filter(sentAway::contains).isPresent());
    }

    /** Whether whoever is too much is there because only his address says that alpha, which decides, has him as inactive; that may be somebody's who left long before, and so it is a letter. */
    boolean told(View view, String finding) {
        Matcher human = HUMAN.matcher(finding);
        return finding.startsWith("too much: ") && human.find() && !World.numbered(Integer.parseInt(human.group(1))) && view.told().stream().anyMatch(account -> world.human(account.split(" ")[1]) == Integer.parseInt(human.group(1)));
    }

    private boolean gone(int human) {
        return world.alphaDecides() && world.knownToAlpha(human) && world.idp("alpha").now().users().values().stream().noneMatch(user -> user.human() == human);
    }

    void saw(View before, View now, Instant at, boolean approved, Set<String> proposing) {
        flapping(before, now, at, approved);
        names(before, now, proposing);
        suppressed(before, now, approved);
        before.roles().keySet().stream().filter(person -> approved && !now.roles().containsKey(person)).forEach(sentAway::add);
    }

    /** What went, came and goes again within a day has waited for somebody, unless the groups that gave it are gone. */
    private void flapping(View before, View now, Instant at, boolean approved) {
        for (String place : before.placed().keySet()) {
            String[] part = place.split(" ");
            if (!now.placed().containsKey(place) && now.roles().containsKey(part[0])) {
                boolean again = back.contains(place) && went.get(place).isAfter(at.minus(DAY));
                if (again && !approved && !waits(before, part[0], before.workspaces().get(part[1])) && given(before, now, part[0], before.workspaces().get(part[1]))) {
                    throw new Judge.Wrong("somebody went, came again and was taken out of " + before.workspaces().get(part[1]) + " at " + at + " without anybody's word");
                }
                went.put(place, at);
                back.remove(place);
            }
        }
        now.placed().keySet().stream().filter(place -> !before.placed().containsKey(place) && went.containsKey(place)).forEach(back::add);
    }

    /** Whether a line about him there waits: what he has may have other reasons than what he is to have. */
    private boolean waits(View before, String person, String workspace) {
        Set<Integer> humans = humans(before, person);
        return before.held().stream().anyMatch(held -> held.contains(" " + workspace + " ") && humans.contains(human(held)));
    }

    private Set<Integer> humans(View view, String person) {
        return view.accounts().entrySet().stream().filter(account -> account.getValue().person().filter(person::equals).isPresent()).map(account -> world.human(account.getKey().split(" ")[1])).collect(Collectors.toSet());
    }

    /** Whether a group that gave him this is still there: one gives nothing to whom its source does not let in. */
    private boolean given(View before, View now, String person, String workspace) {
        return before.members().stream().map(member -> member.split(" ")).filter(part -> before.accounts().get(part[0] + " " + part[2]).admits() && before.accounts().get(part[0] + " " + part[2]).person().filter(person::equals).isPresent())
                .map(part -> part[0] + " " + part[1]).anyMatch(group -> gives(before, group, workspace) && now.groups().containsKey(group)
                        && Oracle.mayGive(group.split(" ")[0], before.groups().get(group)) && Oracle.place(world.idp(group.split(" ")[0]).now(), before.groups().get(group)).isPresent());
    }

    private static boolean gives(View view, String group, String workspace) {
        return Optional.ofNullable(view.groups().get(group)).flatMap(Oracle::place).filter(place -> place.workspace().equals(workspace)).isPresent();
    }

    /** The default workspace keeps its name; another keeps its identity where the one group that gave it is called otherwise. */
    private void names(View before, View now, Set<String> proposing) {
        defaultWorkspace = defaultWorkspace.or(() -> now.workspaces().entrySet().stream().filter(workspace -> workspace.getValue().equals(DEFAULT_WORKSPACE)).map(Map.Entry::getKey).findFirst());
        defaultWorkspace.map(now.workspaces()::get).filter(name -> !name.equals(DEFAULT_WORKSPACE)).ifPresent(name -> {
            throw new Judge.Wrong("the default workspace is called " + name);
        });
        for (Map.Entry<String, String> group : before.groups().entrySet()) {
            Optional<String> from = Oracle.place(group.getValue()).map(Oracle.Place::workspace);
            Optional<String> to = Optional.ofNullable(now.groups().get(group.getKey())).flatMap(Oracle::place).map(Oracle.Place::workspace);
            boolean edited = !world.idp(group.getKey().split(" ")[0]).always(Instant.EPOCH, state -> !state.withoutManagers());
            if (from.isPresent() && to.isPresent() && !from.equals(to) && !edited && !proposing.contains(group.getKey().split(" ")[0])) {
                renamed(before, now, group.getKey(), from.get(), to.get());
            }
        }
    }

    private void renamed(View before, View now, String group, String from, String to) {
        Optional<String> old = id(before, from);
        Optional<String> fresh = id(now, to);
        boolean only = old.isPresent() && fresh.isPresent() && id(before, to).isEmpty() && List.of(from, to).stream().noneMatch(List.of(DEFAULT_WORKSPACE, Oracle.PROTECTED_WORKSPACE)::contains)
                && before.groups().keySet().stream().noneMatch(other -> !other.equals(group) && gives(before, other, from)) && now.groups().keySet().stream().noneMatch(other -> !other.equals(group) && (gives(now, other, from) || gives(now, other, to)))
                && before.nameless().stream().noneMatch(name -> name.contains("ws-" + from + "-"));
        Set<String> in = before.placed().keySet().stream().filter(place -> place.endsWith(" " + old.orElse("-"))).map(place -> place.split(" ")[0]).collect(Collectors.toSet());
        boolean his = in.stream().allMatch(person -> before.members().stream().filter(member -> member.startsWith(group + " ")).anyMatch(member -> before.accounts().get(member.split(" ")[0] + " " + member.split(" ")[2]).person().filter(person::equals).isPresent()));
        if (only && his && in.stream().noneMatch(person -> undecided(before, person, from)) && !in.isEmpty() && !old.equals(fresh)) {
            throw new Judge.Wrong("the workspace " + from + " is another one since its only group gives " + to);
        }
    }

    /** Whether something of what he has there waits for somebody, or of his was rejected: it has the reasons of before until then, and those may be another group's. */
    private boolean undecided(View before, String person, String workspace) {
        return waits(before, person, workspace) || humans(before, person).stream().anyMatch(undecided::contains);
    }

    private static Optional<String> id(View view, String name) {
        return view.workspaces().entrySet().stream().filter(workspace -> workspace.getValue().equals(name)).map(Map.Entry::getKey).findFirst();
    }

    /** What was rejected neither waits again nor is done while nothing else is known of him, whatever its workspace is called by now. */
    private void suppressed(View before, View now, boolean approved) {
        rejected.entrySet().removeIf(line -> !known(now, human(line.getKey())).equals(line.getValue()) || world.sharing.contains(human(line.getKey())));
        Map<String, String> names = new TreeMap<>();
        before.workspaces().forEach((id, name) -> Optional.ofNullable(now.workspaces().get(id)).filter(to -> !to.equals(name)).ifPresent(to -> names.put(name, to)));
        Map<String, String> called = new HashMap<>();
        rejected.forEach((sentence, known) -> called.put(sentence, called(sentence, names)));
        for (String sentence : rejected.keySet()) {
            String fresh = called.get(sentence);
            if (now.held().stream().anyMatch(held -> held.startsWith(fresh + " ("))) {
                throw new Judge.Wrong("rejected, and it waits again: " + fresh);
            }
            Matcher line = LINE.matcher(sentence);
            boolean done = line.matches() && switch (line.group(1)) {
                case "archive user" -> before.people().containsKey(line.group(2)) && !now.people().containsKey(line.group(2));
                case "create user" -> !before.people().containsKey(line.group(2)) && now.people().containsKey(line.group(2));
                default -> has(before, line.group(2), line.group(3)) && !has(now, line.group(2), names.getOrDefault(line.group(3), line.group(3)));
            };
            if (done && !approved) {
                throw new Judge.Wrong("rejected, and done all the same: " + fresh);
            }
        }
        Map<String, String> all = new HashMap<>();
        rejected.forEach((sentence, known) -> all.put(called.get(sentence), known));
        rejected.clear();
        rejected.putAll(all);
    }

    private static String called(String sentence, Map<String, String> names) {
        Matcher place = PLACE.matcher(sentence);
        return place.find() ? sentence.substring(0, place.start(1)) + names.getOrDefault(place.group(1), place.group(1)) + sentence.substring(place.end(1)) : sentence;
    }

    private static boolean has(View view, String email, String workspace) {
        return view.lines().stream().anyMatch(held -> held.startsWith(workspace + "/" + email + "="));
    }

    private static int human(String sentence) {
        Matcher human = HUMAN.matcher(sentence);
        return human.find() ? Integer.parseInt(human.group(1)) : -1;
    }
}
