package io.identitybridge.sim;

import io.identitybridge.sim.Idp.Group;
import io.identitybridge.sim.Idp.State;
import io.identitybridge.sim.Idp.User;
import io.identitybridge.sim.Step.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Three IdPs, the humans in them, and the pushes under way. It knows nothing of the bridge. */
public final class World {
    private static final List<String> WORKSPACES = List.of("Red", "Blue", "Green", "Gold", "Iron");
    private static final List<String> ROLES = List.of("member", "manager", "admin");
    public static final List<Idp.Traits> TRAITS = List.of(
            new Idp.Traits("alpha", true, false, true, false, false, false, Duration.ofMinutes(2), Duration.ofHours(24)),
            new Idp.Traits("beta", false, false, false, true, true, false, Duration.ofMinutes(5), Duration.ofHours(4)),
            new Idp.Traits("gamma", true, true, false, true, false, true, Duration.ofMinutes(1), Duration.ofHours(4)));

    /** Whose address portkey.yaml protects, and who has one of a domain that may not become a member. */
    private static final int PROTECTED = 10;
    private static final int STRANGER = 9;

    final List<Idp> idps;
    final Map<String, List<Message>> mail = new TreeMap<>();
    /** Humans who use somebody else's address, and those whose it is: what a bridge makes of them is not judged meanwhile. */
    final Set<Integer> sharing = new HashSet<>();
    private final Map<Integer, String> emails = new HashMap<>();
    private final Map<String, User> deleted = new HashMap<>();
    private final Map<String, Instant> wholeSince = new HashMap<>();
    private final Map<String, Instant> born = new HashMap<>();
    private final Map<Integer, Integer> renames = new HashMap<>();
    private final Map<Integer, Integer> accountsEver = new HashMap<>();
    private final Map<Integer, Set<String>> idpsEver = new HashMap<>();
    private final Map<String, Integer> humanOf = new HashMap<>();
    private boolean alphaDecides;
    private boolean everDecided;
    private int humans;
    private int accounts;
    private int groups;
    private Instant now;

    World(Instant begin) {
        now = begin;
        idps = TRAITS.stream().map(traits -> new Idp(traits, begin)).toList();
        idps.forEach(idp -> mail.put(idp.name(), new ArrayList<>()));
    }

    Idp idp(String name) {
        return idps.stream().filter(idp -> idp.name().equals(name)).findFirst().orElseThrow();
    }

    Idp idp(int number) {
        return idps.get(Math.floorMod(number, idps.size()));
    }

    /** A complete pull that began then has ended well: who was there then is known. */
    void read(String source, Instant begun) {
        wholeSince.put(source, begun);
    }

    /** A change of this kind, if it can be; says what happened. */
    Optional<String> change(Change change, Instant at) {
        now = at;
        Idp idp = idp(change.source());
        Optional<String> told = switch (change.kind()) {
            case HIRE -> Optional.of(hire(idp, ++humans, change));
            case SECOND_ACCOUNT -> pick(change.a(), all(user -> (numbered(user.human()) || wholeSince.isEmpty()) && user.active() && accountsOf(user.human()) == 1 && !idp.now().users().containsValue(user)))
                    .filter(user -> !sharing.contains(user.human())).map(user -> hire(idp, user.human(), change));
            case DISABLE -> one(idp, change.a(), user -> user.active() && steady(user)).map(user -> active(idp, user, false));
            case ENABLE -> one(idp, change.a(), user -> !user.active()).map(user -> active(idp, user, true));
            case DELETE -> one(idp, change.a(), user -> steady(user) && idp.now().users().size() > 2).map(user -> delete(idp, user));
            case COME_BACK -> pick(change.a(), gone(idp, user -> alone(user) && ofOne(user.human()) && !idp.now().users().containsKey(user.id()) && idp.now().users().values().stream().noneMatch(other -> other.human() == user.human())))
                    .map(user -> comeBack(idp, user));
            case COME_BACK_ANEW -> pick(change.a(), gone(idp, user -> alone(user) && ofOne(user.human()) && idp.now().users().values().stream().noneMatch(other -> other.human() == user.human())))
                    .map(user -> hire(idp, user.human(), change));
            case NEW_EMAIL -> one(idp, change.a(), user -> alone(user) && known(user.human()) && user.human() != PROTECTED).map(this::newEmail);
            case NEW_NAME -> one(idp, change.a(), user -> true).map(user -> put(idp, new User(user.id(), user.human(), user.email(), change.b() % 4 == 0 ? Oracle.GUEST : "Name " + change.b() % 50, user.active(), user.role()), "is called otherwise"));
            case NEW_ROLE -> one(idp, change.a(), user -> true).map(user -> put(idp, new User(user.id(), user.human(), user.email(), user.name(), user.active(), user.role().equals("member") ? change.b() % 3 == 0 ? "owner" : "admin" : "member"), "has another role"));
            case SHARE_EMAIL -> one(idp, change.a(), user -> user.active() && alone(user) && known(user.human()) && accountsEver.get(user.human()) == 1 && user.human() != PROTECTED && user.human() != STRANGER).map(user -> share(idp, user));
            case OWN_EMAIL -> pick(change.a(), all(user -> sharing.contains(user.human()) && !emails.get(user.human()).equals("h" + user.human() + "@acme.com") && born.get(user.id()) == Instant.MAX)).map(this::ownEmail);
            case NEW_GROUP -> Optional.of(newGroup(idp, change));
            case RENAME_GROUP -> group(idp, change.a()).map(group -> renameGroup(idp, group, change));
            case DELETE_GROUP -> group(idp, change.a()).map(group -> deleteGroup(idp, group));
            case JOIN -> group(idp, change.a()).flatMap(group -> one(idp, change.b(), user -> !group.members().contains(user.id())).map(user -> member(idp, group, user, true, change.c())));
            case LEAVE -> group(idp, change.a()).flatMap(group -> one(idp, change.b(), user -> group.members().contains(user.id())).map(user -> member(idp, group, user, false, change.c())));
        };
        return told.map(what -> idp.name() + ": " + what);
    }

    /** The mapping of a source is edited: from now on it makes nobody a manager, or does so again. */
    void edited(Idp idp, boolean without, Instant at) {
        idp.becomes(at, new State(idp.now().users(), idp.now().groups(), without));
    }

    /** From now on alpha decides whether somebody whom it knows is active. */
    void alphaDecides(boolean decides) {
        alphaDecides = decides;
        everDecided |= decides;
    }

    boolean alphaDecides() {
        return alphaDecides;
    }

    /** Whether what others say of him may have counted for nothing at some time. */
    boolean overruled(int human) {
        return everDecided && knownToAlpha(human);
    }

    /** Whether alpha ever had an account of his; the bridge may have seen one that is gone by now, or not. */
    boolean knownToAlpha(int human) {
        return idpsEver.getOrDefault(human, Set.of()).contains("alpha");
    }

    /** Ends what would need a person: everybody has an address of his own. */
    List<String> settle(Instant at) {
        now = at;
        List<String> told = new ArrayList<>();
        for (Optional<String> next = change(new Change(Step.Kind.OWN_EMAIL, 0, 0, 0, 0), at); next.isPresent(); next = change(new Change(Step.Kind.OWN_EMAIL, 0, 0, 0, 0), at)) {
            told.add(next.get());
        }
        return told;
    }

    /** Whether nobody shares his address. */
    boolean alone(Idp idp, String user) {
        return idp.now().user(user).map(this::alone).orElse(true);
    }

    /** Every second human has a number that all of his accounts carry. */
    static boolean numbered(int human) {
        return human % 2 == 0;
    }

    public static String number(int human) {
        return numbered(human) ? "n" + human : "";
    }

    private boolean alone(User user) {
        return !sharing.contains(user.human());
    }

    /** Whether a bridge can tell by itself that all of his accounts, at any time, are his: by his number, or because he is at one IdP only. */
    private boolean ofOne(int human) {
        return numbered(human) || idpsEver.get(human).size() == 1;
    }

    private boolean steady(User user) {
        return ofOne(user.human()) || known(user.human());
    }

    /** Whose account this is. */
    int human(String user) {
        return humanOf.get(user);
    }

    private int accountsOf(int human) {
        return (int) all(user -> user.human() == human).size();
    }

    /** Whether every account of his was there, and let him in, when a complete pull began that ended well, and nothing was renamed since. */
    private boolean known(int human) {
        return idps.stream().allMatch(idp -> idp.now().users().values().stream().filter(user -> user.human() == human)
                .allMatch(user -> wholeSince.containsKey(idp.name()) && born.get(user.id()).isBefore(wholeSince.get(idp.name()).minus(idp.traits.lag()))
                        && (!idp.traits.placedOnly() || idp.always(wholeSince.get(idp.name()).minus(idp.traits.lag()), state -> Oracle.in(idp.traits, state, user.id())))));
    }

    private String hire(Idp idp, int human, Change change) {
        String email = emails.computeIfAbsent(human, h -> "h" + h + (h == STRANGER ? "@evil.example" : "@acme.com"));
        User user = new User("u" + ++accounts, human, email, "Name " + human, true, change.c() % 4 == 0 ? "admin" : "member");
        born.put(user.id(), now);
        accountsEver.merge(human, 1, Integer::sum);
        idpsEver.computeIfAbsent(human, h -> new HashSet<>()).add(idp.name());
        humanOf.put(user.id(), human);
        return put(idp, user, "is hired");
    }

    private String put(Idp idp, User user, String what) {
        SortedMap<String, User> users = new TreeMap<>(idp.now().users());
        users.put(user.id(), user);
        idp.becomes(now, idp.now().with(users, idp.now().groups()));
        push(new Message.UserWhole(idp.name(), idp.sequence(), user));
        return user.id() + " (" + user.email() + ") " + what;
    }

    private String active(Idp idp, User user, boolean active) {
        SortedMap<String, User> users = new TreeMap<>(idp.now().users());
        users.put(user.id(), new User(user.id(), user.human(), user.email(), user.name(), active, user.role()));
        idp.becomes(now, idp.now().with(users, idp.now().groups()));
        push(new Message.UserActive(idp.name(), idp.sequence(), user.id(), active));
        return user.id() + " (" + user.email() + ") is " + (active ? "enabled" : "disabled");
    }

    private String delete(Idp idp, User user) {
        SortedMap<String, User> users = new TreeMap<>(idp.now().users());
        users.remove(user.id());
        SortedMap<String, Group> without = new TreeMap<>();
        idp.now().groups().forEach((id, group) -> without.put(id, with(group, user.id(), false)));
        idp.becomes(now, idp.now().with(users, without));
        deleted.put(idp.name() + " " + user.id(), user);
        push(new Message.UserGone(idp.name(), idp.sequence(), user.id()));
        return user.id() + " (" + user.email() + ") is deleted";
    }

    private String comeBack(Idp idp, User user) {
        return put(idp, new User(user.id(), user.human(), emails.get(user.human()), user.name(), true, user.role()), "comes back");
    }

    private String newEmail(User user) {
        String email = "h" + user.human() + "-" + renames.merge(user.human(), 1, Integer::sum) + "@acme.com";
        emails.put(user.human(), email);
        for (Idp idp : idps) {
            List.copyOf(idp.now().users().values()).stream().filter(other -> other.human() == user.human())
                    .forEach(other -> put(idp, new User(other.id(), other.human(), email, other.name(), other.active(), other.role()), ""));
        }
        return user.id() + " has the new address " + email;
    }

    private String share(Idp idp, User holder) {
        int human = ++humans;
        human += numbered(human) ? 1 : 0;
        humans = human;
        emails.put(human, holder.email());
        sharing.add(human);
        sharing.add(holder.human());
        User user = new User("u" + ++accounts, human, holder.email(), "Name " + human, true, "member");
        born.put(user.id(), Instant.MAX);
        accountsEver.put(human, 1);
        idpsEver.put(human, new HashSet<>(Set.of(idp.name())));
        humanOf.put(user.id(), human);
        return put(idp, user, "is hired with somebody else's address");
    }

    private String ownEmail(User user) {
        emails.put(user.human(), "h" + user.human() + "@acme.com");
        Idp idp = idps.stream().filter(i -> i.now().users().containsKey(user.id())).findFirst().orElseThrow();
        return put(idp, new User(user.id(), user.human(), emails.get(user.human()), user.name(), user.active(), user.role()), "has an address of his own");
    }

    private String newGroup(Idp idp, Change change) {
        Group group = new Group("g" + ++groups, name(change.a(), change.b(), idp), new TreeSet<>());
        return put(idp, group, new Message.GroupWhole(idp.name(), idp.sequence() + 1, group)) + " appears";
    }

    /** No two groups of one IdP are called the same: by that name they are told apart. */
    private static String name(int workspace, int role, Idp idp) {
        for (int more = 0; ; more++) {
            String name = "ws-" + WORKSPACES.get(Math.floorMod(workspace, WORKSPACES.size())) + (more > 3 ? more : "") + "-role-" + ROLES.get(Math.floorMod(role + more, ROLES.size()));
            if (idp.now().groups().values().stream().noneMatch(group -> group.name().equals(name))) {
                return name;
            }
        }
    }

    private String renameGroup(Idp idp, Group group, Change change) {
        Group renamed = new Group(group.id(), name(change.b(), change.c(), idp), group.members());
        return put(idp, renamed, new Message.GroupName(idp.name(), idp.sequence() + 1, group.id(), renamed.name()));
    }

    private String put(Idp idp, Group group, Message message) {
        SortedMap<String, Group> all = new TreeMap<>(idp.now().groups());
        all.put(group.id(), group);
        idp.becomes(now, idp.now().with(idp.now().users(), all));
        push(message);
        return group.id() + " is " + group.name();
    }

    private String deleteGroup(Idp idp, Group group) {
        SortedMap<String, Group> all = new TreeMap<>(idp.now().groups());
        all.remove(group.id());
        idp.becomes(now, idp.now().with(idp.now().users(), all));
        push(new Message.GroupGone(idp.name(), idp.sequence(), group.id()));
        return group.id() + " (" + group.name() + ") is deleted";
    }

    private String member(Idp idp, Group group, User user, boolean in, int whole) {
        Group changed = with(group, user.id(), in);
        Message message = whole % 3 == 0 ? new Message.GroupWhole(idp.name(), idp.sequence() + 1, changed) : new Message.Member(idp.name(), idp.sequence() + 1, group.id(), user.id(), in);
        put(idp, changed, message);
        return user.id() + (in ? " comes into " : " leaves ") + group.id() + " (" + group.name() + ")";
    }

    private static Group with(Group group, String user, boolean in) {
        SortedSet<String> members = new TreeSet<>(group.members());
        if (in) {
            members.add(user);
        } else {
            members.remove(user);
        }
        return new Group(group.id(), group.name(), members);
    }

    private void push(Message message) {
        mail.get(message.source()).add(message);
    }

    private List<User> all(Predicate<User> which) {
        return idps.stream().flatMap(idp -> idp.now().users().values().stream()).filter(which).toList();
    }

    private List<User> gone(Idp idp, Predicate<User> which) {
        return deleted.entrySet().stream().filter(entry -> entry.getKey().startsWith(idp.name() + " ")).map(Map.Entry::getValue).filter(which).sorted(java.util.Comparator.comparing(User::id)).toList();
    }

    private static Optional<User> one(Idp idp, int which, Predicate<User> fit) {
        return pick(which, idp.now().users().values().stream().filter(fit).toList());
    }

    private static Optional<Group> group(Idp idp, int which) {
        return pick(which, List.copyOf(idp.now().groups().values()));
    }

    private static <T> Optional<T> pick(int which, List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(Math.floorMod(which, from.size())));
    }
}
