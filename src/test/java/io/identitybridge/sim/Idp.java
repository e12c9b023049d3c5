package io.identitybridge.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One identity provider as it truly is, now and at every moment before. */
public final class Idp {
    public final Traits traits;
    private final List<Past> history = new ArrayList<>();
    private Duration clock = Duration.ZERO;

    /**
     * What kind of IdP it is, as its source file and mapping say.
     *
     * @param pointRead   one user can be asked for alone
     * @param delta       pulls bring what has changed
     * @param byTime      pulls may ask for what has changed since a time of its own clock
     * @param namesGroups pushed groups carry the IdP's own id
     * @param placedOnly  only who is in a workspace becomes a member
     * @param noGuests    whoever is called a guest does not become one
     * @param lag         how long a page may still show the old
     * @param after       how long somebody must be missing where he cannot be asked for
     */
    public record Traits(String name, boolean pointRead, boolean delta, boolean byTime, boolean namesGroups, boolean placedOnly, boolean noGuests, Duration lag, Duration after) {
        /** Whether a pull may bring only what has changed. */
        public boolean tellsChanges() {
            return delta || byTime;
        }
    }

    public record User(String id, int human, String email, String name, boolean active, String role) {
    }

    public record Group(String id, String name, SortedSet<String> members) {
        public Group {
            members = Collections.unmodifiableSortedSet(members);
        }
    }

    /** All of it at one moment. @param withoutManagers whether its mapping, edited by then, makes nobody a manager any more */
    public record State(SortedMap<String, User> users, SortedMap<String, Group> groups, boolean withoutManagers) {
        public State {
            users = Collections.unmodifiableSortedMap(users);
            groups = Collections.unmodifiableSortedMap(groups);
        }

        State with(SortedMap<String, User> users, SortedMap<String, Group> groups) {
            return new State(users, groups, withoutManagers);
        }

        public boolean active(String user) {
            return users.containsKey(user) && users.get(user).active();
        }

        public boolean in(String group, String user) {
            return groups.containsKey(group) && groups.get(group).members().contains(user);
        }

        public Optional<User> user(String id) {
            return Optional.ofNullable(users.get(id));
        }
    }

    /** A state, when it began, and when that was by its own clock. */
    public record Past(Instant from, Instant stamp, State state) {
    }

    Idp(Traits traits, Instant begin) {
        this.traits = traits;
        history.add(new Past(begin, begin, new State(new TreeMap<>(), new TreeMap<>(), false)));
    }

    public String name() {
        return traits.name();
    }

    /** How much its clock is ahead. */
    public Duration clock() {
        return clock;
    }

    void drifts(Duration more) {
        clock = clock.plus(more);
    }

    /** By its own clock, when something of the state of this number last changed. */
    Instant changed(int sequence, Function<State, Object> what) {
        int last = sequence;
        while (last > 0 && Objects.equals(what.apply(at(last)), what.apply(at(last - 1)))) {
            last--;
        }
        return history.get(last).stamp();
    }

    public State now() {
        return history.getLast().state();
    }

    /** How many states there have been: what a delta counts by. */
    public int sequence() {
        return history.size() - 1;
    }

    public State at(int sequence) {
        return history.get(sequence).state();
    }

    /** The number of the state that held at a moment. */
    public int sequence(Instant moment) {
        int found = 0;
        while (found + 1 < history.size() && !history.get(found + 1).from().isAfter(moment)) {
            found++;
        }
        return found;
    }

    /** The group that it pushed under its own id, or under none but of this name, if it is there. */
    public Optional<Group> pushed(Optional<String> id, Optional<String> name) {
        return now().groups().values().stream().filter(group -> id.map(group.id()::equals).orElseGet(() -> name.filter(group.name()::equals).isPresent())).findFirst();
    }

    /** Names of groups that are there and were never called otherwise, where no other group ever was called so. */
    Set<String> everCalled() {
        Map<String, Set<String>> names = new TreeMap<>();
        Map<String, Set<String>> ids = new TreeMap<>();
        history.forEach(past -> past.state().groups().values().forEach(group -> {
            names.computeIfAbsent(group.id(), id -> new TreeSet<>()).add(group.name());
            ids.computeIfAbsent(group.name(), name -> new TreeSet<>()).add(group.id());
        }));
        return now().groups().values().stream().filter(group -> names.get(group.id()).size() == 1 && ids.get(group.name()).size() == 1).map(Group::name).collect(Collectors.toSet());
    }

    void becomes(Instant at, State state) {
        history.add(new Past(at, at.plus(clock), state));
    }

    /** Whether something held at every moment from then to now. */
    boolean always(Instant since, Predicate<State> fact) {
        return history.subList(sequence(since), history.size()).stream().allMatch(past -> fact.test(past.state()));
    }

    /** The groups that were there at every moment from then to now. */
    void throughout(Instant since, Consumer<String> group) {
        now().groups().keySet().stream().filter(id -> always(since, state -> state.groups().containsKey(id))).forEach(group);
    }

    /** When it last began not to hold, if it does not hold now. */
    Optional<Instant> notSince(Predicate<State> fact) {
        int first = history.size();
        while (first > 0 && !fact.test(history.get(first - 1).state())) {
            first--;
        }
        return first == history.size() ? Optional.empty() : Optional.of(history.get(first).from());
    }
}
