package io.identitybridge.sim;

import io.identitybridge.sim.View.AccountNow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Holds what the bridge does, step by step, against what the IdPs truly are. */
final class Judge {
    private static final String ADMITS = " admitted";
    private final World world;
    private final Map<String, Instant> turned = new HashMap<>();
    /** When a page first showed him, or showed him again. */
    private final Map<String, Instant> shown = new HashMap<>();
    /** When a page first showed somebody of whom nothing was known. */
    private final Map<String, Instant> first = new HashMap<>();
    /** Groups that were there before a complete pull began, and still when it had ended well. */
    private final Set<String> certain = new TreeSet<>();
    private final Map<String, List<Whole>> whole = new HashMap<>();
    private final Map<String, Instant> spoken = new HashMap<>();
    private final Set<String> proposing = new TreeSet<>();
    /** Whom a push disabled, and neither a push nor a complete pull has made active since. */
    private final Set<String> off = new TreeSet<>();
    /** The same of whom it may be true: the bridge died over the push. */
    private final Set<String> perhapsOff = new TreeSet<>();
    private String complete = "";
    private final Set<String> leftOut = new TreeSet<>();
    private final Unasked unasked = new Unasked();
    private final Counts counts = new Counts();
    private final Decisions decisions;
    private final LetGo letGo;
    private View before;

    Judge(World world, View first) {
        this.world = world;
        this.before = first;
        this.decisions = new Decisions(world);
        this.letGo = new LetGo(world);
    }

    /** A complete pull that ended well. */
    private record Whole(Instant begun, Instant ended) {
    }

    static final class Wrong extends AssertionError {
        Wrong(String what) {
            super(what);
        }
    }

    /** A push of an older state than the IdP's has arrived: what it says may be wrong until a pull. */
    void stale(String source, Instant at) {
        spoken.put(source, at);
    }

    /** The files were edited: what was rejected may be true otherwise. */
    void rulesChanged() {
        decisions.rulesChanged();
    }

    void edited(Idp idp) {
        unasked.edited(before, idp);
    }

    /** An operator rejects everything that waits. */
    void rejects(View now) {
        decisions.rejects(now);
        letGo.rejects();
    }

    void proposes(Idp idp, boolean only) {
        if (only) {
            proposing.add(idp.name());
        } else {
            proposing.remove(idp.name());
        }
    }

    /** A list leaves this user out; what a source tells of changes to him stands on nothing then, until it is read as a whole again. */
    void leftOut(Idp idp, String user) {
        leftOut.add(idp.name() + " " + user);
    }

    /** What is seen next is the end of a pull of this source that may have been complete; empty: of one that was not. */
    void ends(Optional<String> source) {
        complete = source.orElse("");
    }

    /** A complete pull of a source that began then has ended well. */
    void read(Idp idp, Instant begun, Instant now) {
        whole.computeIfAbsent(idp.name(), name -> new ArrayList<>()).add(new Whole(begun, now));
        idp.throughout(begun.minus(idp.traits.lag()), group -> certain.add(idp.name() + " " + group));
        for (String key : before.accounts().keySet()) {
            String[] account = key.split(" ");
            if (account[0].equals(idp.name()) && before.accounts().get(key).active() && before.accounts().get(key).pulled()) {
                kept(idp, key, state -> state.active(account[1]), begun);
            }
        }
        for (String key : before.members()) {
            String[] member = key.split(" ");
            if (member[0].equals(idp.name()) && before.accounts().get(member[0] + " " + member[2]).pulled() && toldOf(idp.name() + " " + member[1])) {
                kept(idp, key, state -> state.in(member[1], member[2]), begun);
            }
        }
    }

    /** Whether a pull has told of this group, by what the bridge says or because it must have: of one that only pushes ever spoke of, no pull tells that it is gone. */
    private boolean toldOf(String group) {
        return before.pulled().contains(group) || certain.contains(group);
    }

    /** Nobody is believed in whom two complete pulls, {@code after} apart and both begun after he had left, or was first shown by an older page (plus lag), did not find. */
    private void kept(Idp idp, String key, Predicate<Idp.State> fact, Instant begun) {
        idp.notSince(fact).ifPresent(left -> {
            Instant from = later(later(left, shown.getOrDefault(key, left)), spoken.getOrDefault(idp.name(), left)).plus(idp.traits.lag()).plusSeconds(1);
            List<Whole> since = whole.get(idp.name()).stream().filter(pull -> pull.begun().isAfter(from)).toList();
            if (since.size() > 1 && !begun.isBefore(since.getFirst().ended().plus(idp.traits.after()))) {
                throw new Wrong(key + " left at " + left + " and is still held after complete pulls " + since);
            }
        });
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * What the last step did.
     *
     * @param stale  whether it was a push that tells of an older state
     * @param pushed whether it was a push at all: what a push has said, no older page takes back
     * @param user   whether it was one of a user, which says nothing of groups
     * @param approved whether an operator said so
     * @param source whose limits it counts against; empty for what a person decided, or what was left over
     */
    void saw(View now, Instant at, boolean stale, boolean pushed, boolean user, Optional<String> source, boolean approved) {
        if (!now.broken().isEmpty()) {
            throw new Wrong("rows that name what is not there: " + now.broken());
        }
        identities(now);
        enabled(now, at, pushed);
        decisions.saw(before, now, at, approved, proposing);
        letGo.saw(before, now, approved, !proposing.isEmpty());
        source.ifPresent(name -> {
            counts.add(name, before, now, at);
            unasked(name, now, at);
        });
        if (!stale) {
            people(now, at, approved);
            now.accounts().forEach((key, account) -> belief(key, active(before, key), account.active(), at));
            TreeSet<String> members = new TreeSet<>(before.members());
            members.addAll(now.members());
            members.forEach(key -> belief(key, before.members().contains(key), now.members().contains(key), at));
        }
        unasked.saw(before, now, approved);
        remember(now, at, pushed, user);
        before = now;
    }

    /** An account keeps its id for ever, no two humans are one person, and nobody touches who is protected. */
    private void identities(View now) {
        Map<String, Integer> humans = new HashMap<>();
        now.accounts().forEach((key, account) -> {
            AccountNow was = before.accounts().get(key);
            if (was != null && !was.id().equals(account.id())) {
                throw new Wrong(key + " was " + was.id() + " and is " + account.id());
            }
            int human = world.human(key.split(" ")[1]);
            account.person().map(person -> humans.putIfAbsent(person, human)).filter(other -> other != human).ifPresent(other -> {
                throw new Wrong("humans " + human + " and " + other + " are one person");
            });
        });
        if (now.people().containsKey(Oracle.PROTECTED_PERSON) || now.lines().stream().anyMatch(line -> line.startsWith(Oracle.PROTECTED_WORKSPACE + "/"))) {
            throw new Wrong("what is protected was touched: " + now.people().keySet() + " " + now.lines());
        }
    }

    /** Whom a push has disabled, nobody makes active again but a push and a complete pull. */
    private void enabled(View now, Instant at, boolean pushed) {
        off.stream().filter(key -> !pushed && active(now, key) && !key.startsWith(complete + " ")).findFirst().ifPresent(key -> {
            throw new Wrong(key + ", whom a push had disabled, was active again at " + at + " by neither a push nor a complete pull");
        });
        off.removeIf(key -> active(now, key));
        perhapsOff.removeIf(key -> active(now, key));
        complete = "";
    }

    /** A push was not answered, and may have been stored. */
    void tried(Message message) {
        disabled(message).ifPresent(perhapsOff::add);
    }

    /** Whom this push is about, if he is held for inactive after it. */
    private Optional<String> disabled(Message message) {
        String about = switch (message) {
            case Message.UserWhole whole -> whole.user().id();
            case Message.UserActive active -> active.user();
            default -> "";
        };
        return Optional.of(message.source() + " " + about).filter(key -> before.accounts().containsKey(key) && !active(before, key));
    }

    /** A leaver who was pushed is one as soon as the push is answered. */
    void told(Message message) {
        disabled(message).ifPresent(off::add);
        if (message instanceof Message.UserGone gone) { // whoever is deleted comes back by any newer news of him
            off.remove(message.source() + " " + gone.user());
            perhapsOff.add(message.source() + " " + gone.user());
        }
        String user = switch (message) {
            case Message.UserGone gone -> gone.user();
            case Message.UserActive active when !active.active() -> active.user();
            default -> "";
        };
        if (!user.isEmpty() && before.accounts().getOrDefault(message.source() + " " + user, new AccountNow("", false, false, Optional.empty(), false, false, "")).active()) {
            throw new Wrong("it was taken in that " + message.tell() + ", and he is still held for active");
        }
    }

    /** What waits for a person whatever the limits say, and who is never let go. */
    private void unasked(String source, View now, Instant at) {
        if (proposing.contains(source) && !(before.people().equals(now.people()) && before.lines().equals(now.lines()))) {
            throw new Wrong(source + " only proposes, and at " + at + " something was done");
        }
        Set<String> active = new TreeSet<>();
        now.accounts().forEach((key, account) -> account.person().filter(person -> account.active() && !letGo.perhaps(key) && !world.idp(key.split(" ")[0]).traits.placedOnly() && !world.overruled(world.human(key.split(" ")[1]))).ifPresent(active::add));
        before.roles().keySet().stream().filter(person -> !now.roles().containsKey(person) && active.contains(person)).findFirst().ifPresent(person -> {
            throw new Wrong("somebody who is active and only no longer admitted was archived at " + at + " without anybody's word");
        });
        if (before.roles().containsValue("owner") && !now.roles().containsValue("owner")) {
            throw new Wrong("the last owner was gone at " + at);
        }
    }

    private void remember(View now, Instant at, boolean pushed, boolean user) {
        Set<String> keys = new TreeSet<>(before.accounts().keySet());
        keys.addAll(now.accounts().keySet());
        turned(keys.stream().filter(key -> active(now, key) != active(before, key)), at, pushed);
        turned(keys.stream().filter(key -> !before.accounts().containsKey(key) || before.accounts().get(key).admits() != (now.accounts().containsKey(key) && now.accounts().get(key).admits())).map(key -> key + ADMITS), at, pushed);
        Set<String> members = new TreeSet<>(before.members());
        members.addAll(now.members());
        turned(members.stream().filter(key -> before.members().contains(key) && !now.members().contains(key)), at, pushed);
        turned(now.members().stream().filter(key -> !before.members().contains(key)), at, pushed && !user); // whom a user's push makes known was a member by what a page had said of him, as old as that may have been
        turned(now.groups().keySet().stream().filter(key -> !now.groups().get(key).equals(before.groups().get(key))), at, pushed);
    }

    private static boolean active(View view, String key) {
        return view.accounts().containsKey(key) && view.accounts().get(key).active();
    }

    private void turned(Stream<String> keys, Instant at, boolean pushed) {
        keys.forEach(key -> {
            if (!pushed) {
                shown.put(key, at);
                if (!turned.containsKey(key)) {
                    first.put(key, at);
                }
            }
            turned.put(key, pushed ? at.plus(world.idp(key.split(" ")[0]).traits.lag()) : at);
        });
    }

    /** After two readings of what has changed, further apart than the lag, what is believed of the users is so, unless a push has said otherwise, or the IdP tells of nobody who is gone. */
    void told(Idp idp) {
        if (!spoken.containsKey(idp.name())) {
            before.accounts().forEach((key, account) -> {
                if (key.startsWith(idp.name() + " ") && account.pulled() && !leftOut.contains(key) && !off.contains(key) && !perhapsOff.contains(key) && (idp.traits.delta() || idp.now().user(key.split(" ")[1]).isPresent()) && account.active() != idp.now().active(key.split(" ")[1])) {
                    throw new Wrong("changes were read twice, and " + key + " is held for " + (account.active() ? "active" : "inactive"));
                }
            });
        }
    }

    /** The bridge changes its mind only about what was otherwise at some time since it last did. */
    private void belief(String key, boolean was, boolean is, Instant at) {
        if (was == is) {
            return;
        }
        String[] part = key.split(" ");
        Idp idp = world.idp(part[0]);
        Predicate<Idp.State> truth = part.length == 2 ? state -> state.active(part[1]) : state -> state.in(part[1], part[2]) && state.active(part[2]);
        Predicate<Idp.State> listed = part.length == 2 ? truth : state -> state.in(part[1], part[2]);
        Instant since = since(key, idp);
        boolean never = part.length == 2 && idp.always(Instant.EPOCH, state -> !state.users().containsKey(part[1]) || state.active(part[1])); // inactive, so that no page can be right that says so
        if (was && never && first.containsKey(key) && first.get(key).equals(turned.get(key)) && idp.always(first.get(key), truth)) {
            throw new Wrong("the bridge gave up " + key + " at " + at + ", whom a page first showed at " + first.get(key) + " and " + idp.name() + " has had since");
        }
        if (was && idp.always(since, truth)) {
            throw new Wrong("the bridge gave up " + key + " at " + at + ", whom " + idp.name() + " has had ever since " + since + " and before");
        }
        if (is && idp.always(since, listed.negate())) {
            throw new Wrong("the bridge took in " + key + " at " + at + ", whom " + idp.name() + " has not had since " + since + " or before");
        }
    }

    private Instant since(String key, Idp idp) {
        return turned.getOrDefault(key, Instant.EPOCH.plus(Duration.ofDays(1))).minus(idp.traits.lag());
    }

    /** Whether the IdP has let him in ever since the bridge took him for what it does, and a lag before: for not admitted, since it was told that, and not since a word that he is active. */
    private boolean letIn(String key, Idp idp, String user) {
        return idp.always(since(key, idp), state -> state.active(user)) && idp.always(since(before.accounts().get(key).admits() ? key : key + ADMITS, idp), state -> Oracle.admits(idp.traits, state, user));
    }

    /** Nobody loses anything that an IdP gave him all the time, as the bridge well knew. */
    private void people(View now, Instant at, boolean approved) {
        before.accounts().forEach((key, account) -> {
            AccountNow after = now.accounts().get(key);
            String[] part = key.split(" ");
            Idp idp = world.idp(part[0]);
            if (account.active() && account.present() && world.alone(idp, part[1]) && !(world.overruled(world.human(part[1])) && !idp.name().equals("alpha"))) {
                boolean placedOnly = idp.traits.placedOnly();
                if (!placedOnly && (after == null || !after.present()) && letIn(key, idp, part[1])) {
                    throw new Wrong(key + " was archived at " + at + ", whom " + idp.name() + " has always had");
                }
                account.person().ifPresent(person -> before.placed().keySet().stream().filter(place -> place.startsWith(person + " ") && !now.placed().containsKey(place))
                        .forEach(place -> place(idp, key, before.workspaces().get(place.substring(person.length() + 1)), at, approved || !unasked.of(person, before.workspaces().get(place.substring(person.length() + 1))))));
            }
        });
    }

    /** An edited mapping is no reason before somebody has approved it; what he approves is what it makes of the name that the bridge knows by then. */
    private void place(Idp idp, String key, String workspace, Instant at, boolean approved) {
        String user = key.split(" ")[1];
        boolean given = before.members().stream().filter(member -> member.startsWith(idp.name() + " ") && member.endsWith(" " + user)).anyMatch(member -> {
            String group = member.split(" ")[1];
            return gives(before.groups().getOrDefault(idp.name() + " " + group, ""), workspace) && Oracle.mayGive(idp.name(), before.groups().get(idp.name() + " " + group)) && !workspace.equals(Oracle.PROTECTED_WORKSPACE)
                    && letIn(key, idp, user) && idp.always(since(member, idp), state -> state.in(group, user))
                    && idp.always(since(idp.name() + " " + group, idp), state -> state.groups().containsKey(group) && gives(state.groups().get(group).name(), workspace) && !(approved && (Oracle.place(state, state.groups().get(group).name()).isEmpty() || Oracle.place(idp.now(), before.groups().get(idp.name() + " " + group)).isEmpty())) && Oracle.mayGive(idp.name(), state.groups().get(group).name()));
        });
        if (given) {
            throw new Wrong(key + " was removed from " + workspace + " at " + at + ", where a group of " + idp.name() + " has always had him");
        }
    }

    private static boolean gives(String group, String workspace) {
        return Oracle.place(group).filter(place -> place.workspace().equals(workspace)).isPresent();
    }

    /** Whether another account of his, gone by now, still counts: where nobody can be asked, the first absence only makes a candidate. */
    private boolean halfLeft(View view, int human) {
        return view.accounts().entrySet().stream().filter(account -> account.getValue().active()).map(account -> account.getKey().split(" "))
                .anyMatch(key -> world.human(key[1]) == human && world.idp(key[0]).now().user(key[1]).isEmpty());
    }

    /** The world is quiet and was read: what is held is what is true. {@code once}: people and groups that nobody has spoken of may still be candidates. */
    void quiet(View view, boolean once) {
        Oracle.Membership truth = Oracle.membership(world.idps, human -> world.alphaDecides() && world.idp("alpha").now().users().values().stream().anyMatch(user -> user.human() == human)
                && world.idp("alpha").now().users().values().stream().noneMatch(user -> user.human() == human && Oracle.in(world.idp("alpha").traits, world.idp("alpha").now(), user.id())));
        List<String> wrong = new ArrayList<>();
        truth.people().keySet().stream().filter(email -> !view.people().containsKey(email)).forEach(email -> wrong.add("missing: " + email));
        truth.lines().stream().filter(line -> view.lines().stream().noneMatch(held -> held.startsWith(line.substring(0, line.indexOf('=') + 1)))).forEach(line -> wrong.add("missing: " + line));
        if (!once) {
            Optional<String> last = view.people().entrySet().stream().filter(person -> person.getValue().equals("owner") && !"owner".equals(truth.people().get(person.getKey()))).map(Map.Entry::getKey).findFirst(); // who was the last owner stays one
            truth.people().forEach((email, role) -> {
                if (last.filter(email::equals).isEmpty() && view.people().containsKey(email) && !view.people().get(email).equals(role)) {
                    wrong.add(email + " is " + view.people().get(email) + ", not " + role);
                }
            });
            truth.lines().stream().filter(line -> !view.lines().contains(line)).forEach(line -> wrong.add("missing: " + line));
            view.people().keySet().stream().filter(email -> !truth.people().containsKey(email) && last.filter(email::equals).isEmpty()).forEach(email -> wrong.add("too much: " + email));
            view.lines().stream().filter(line -> !truth.lines().contains(line) && last.filter(email -> line.contains("/" + email + "=")).isEmpty()).forEach(line -> wrong.add("too much: " + line));
            for (Idp idp : world.idps) {
                idp.everCalled().stream().filter(name -> view.nameless().contains(idp.name() + " " + name)).forEach(name -> wrong.add("not joined: the pushed group " + name));
            }
            if (!view.unsettled().isEmpty()) {
                wrong.add(view.unsettled().size() + " accounts are still due");
            }
            if (!view.held().isEmpty()) {
                wrong.add("still waiting: " + view.held());
            }
        }
        if (once) {
            world.idps.forEach(idp -> idp.now().users().values().stream().filter(user -> halfLeft(view, user.human())).forEach(user -> wrong.removeIf(finding -> finding.contains(user.email()))));
        }
        wrong.removeIf(finding -> decisions.undecided(finding) || decisions.lettered(view, finding) || decisions.told(view, finding));
        if (!wrong.isEmpty()) {
            throw new Wrong("quiet, and " + (once ? "after one complete pull of each " : "") + wrong);
        }
    }
}
