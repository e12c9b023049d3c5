package io.identitybridge.lab;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A company of nobody's, the same at every start: people, groups, and who is in which. Edited while it is read, safely. */
public final class Company {
    private static final Instant FOUNDED = Instant.parse("2026-01-05T08:00:00Z");
    private static final List<String> DEPARTMENTS = List.of("Sales", "Engineering", "Research", "Support", "Finance", "Marketing");
    private static final List<String> GROUPS = List.of("ws-Sales-role-member", "ws-Engineering-role-member", "ws-Research-role-member", "ws-Support-role-member", "ws-Marketing-role-member",
            "ws-Sales-role-manager", "ws-Research-role-manager", "ws-Support-role-manager", "ws-Sales-role-admin", "ws-Engineering-role-admin", "AI Platform Leads", "Coffee Lovers");
    /** How many of the people are in each group of the usual company; the places of authority are few. */
    private static final List<Integer> SIZES = List.of(46, 58, 31, 27, 18, 4, 3, 3, 3, 5, 6, 40);

    /** One person as an IdP knows him. */
    public record Person(String id, String status, String email, String firstName, String lastName, String department, Instant changed) {
        Person with(String newStatus, String newEmail, String newFirstName) {
            return new Person(id, newStatus, newEmail, newFirstName, lastName, department, changed.plusSeconds(60));
        }
    }

    private final TreeMap<String, Person> people = new TreeMap<>();
    private final TreeMap<String, String> groups = new TreeMap<>();
    private final Map<String, TreeMap<String, Boolean>> members = new LinkedHashMap<>();

    private Company() {
    }

    /** About 200 people in 12 groups; fewer than 20 of them administer anything. */
    public static Company usual() {
        Company company = new Company();
        company.hire(200, new Random(4711));
        for (int g = 0; g < GROUPS.size(); g++) {
            String id = company.found(g, GROUPS.get(g));
            List<String> all = new ArrayList<>(company.people.keySet());
            java.util.Collections.shuffle(all, new Random(100 + g));
            all.subList(0, SIZES.get(g)).forEach(person -> company.join(id, person));
        }
        return company;
    }

    /** So many people in so many groups, each person in so many of them. */
    public static Company of(int people, int groups, int groupsEach) {
        Company company = new Company();
        company.hire(people, new Random(1));
        List<String> ids = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            ids.add(company.found(g, "ws-Team " + g / 2 + "-role-" + (g % 2 == 0 ? "member" : "manager")));
        }
        int n = 0;
        for (String person : company.people.keySet()) {
            for (int k = 0; k < groupsEach && !ids.isEmpty(); k++) {
                company.join(ids.get((n * 31 + k * 17) % ids.size()), person);
            }
            n++;
        }
        return company;
    }

    private void hire(int count, Random random) {
        for (int i = 0; i < count; i++) {
            String first = Names.FIRST.get(random.nextInt(Names.FIRST.size()));
            String last = Names.LAST.get(random.nextInt(Names.LAST.size()));
            String id = "00u%08d".formatted(i + 1);
            String email = Names.plain(first) + "." + Names.plain(last) + (i < Names.FIRST.size() ? "" : String.valueOf(i)) + "." + Integer.toString(i, 36) + "@acme.com";
            String status = i % 41 == 40 ? "DEPROVISIONED" : i % 37 == 36 ? "SUSPENDED" : i % 29 == 28 ? "LOCKED_OUT" : "ACTIVE";
            people.put(id, new Person(id, status, email, first, last, DEPARTMENTS.get(i % DEPARTMENTS.size()), FOUNDED.plus(i, ChronoUnit.MINUTES)));
        }
    }

    private String found(int number, String name) {
        String id = "00g%08d".formatted(number + 1);
        groups.put(id, name);
        members.put(id, new TreeMap<>());
        return id;
    }

    public synchronized int size() {
        return people.size();
    }

    /** People after an id, in the order of their ids. */
    public synchronized List<Person> people(String after, int most) {
        return people.tailMap(after, false).values().stream().limit(most).toList();
    }

    public synchronized Optional<Person> person(String id) {
        return Optional.ofNullable(people.get(id));
    }

    /** Groups after an id, as id and name. */
    public synchronized List<Map.Entry<String, String>> groups(String after, int most) {
        return groups.tailMap(after, false).entrySet().stream().limit(most).map(e -> Map.entry(e.getKey(), e.getValue())).toList();
    }

    /** One group by its id. */
    public synchronized Optional<Map.Entry<String, String>> group(String id) {
        return Optional.ofNullable(groups.get(id)).map(name -> Map.entry(id, name));
    }

    /** Members of a group after an id; empty if there is no such group. */
    public synchronized Optional<List<Person>> members(String group, String after, int most) {
        return Optional.ofNullable(members.get(group)).map(ids -> ids.tailMap(after, false).keySet().stream().limit(most).map(people::get).toList());
    }

    /** Somebody new. */
    public synchronized void add(String id, String firstName, String lastName, String email) {
        people.put(id, new Person(id, "ACTIVE", email, firstName, lastName, DEPARTMENTS.getFirst(), FOUNDED));
    }

    public synchronized void status(String id, String status) {
        people.computeIfPresent(id, (key, person) -> person.with(status, person.email(), person.firstName()));
    }

    public synchronized void email(String id, String email) {
        people.computeIfPresent(id, (key, person) -> person.with(person.status(), email, person.firstName()));
    }

    public synchronized void firstName(String id, String firstName) {
        people.computeIfPresent(id, (key, person) -> person.with(person.status(), person.email(), firstName));
    }

    public synchronized void delete(String id) {
        people.remove(id);
        members.values().forEach(ids -> ids.remove(id));
    }

    public synchronized void join(String group, String person) {
        members.get(group).put(person, true);
    }

    public synchronized void leave(String group, String person) {
        members.get(group).remove(person);
    }

    public synchronized void rename(String group, String name) {
        groups.put(group, name);
    }

    /** Ends a group; its people stay. */
    public synchronized void disband(String group) {
        groups.remove(group);
        members.remove(group);
    }
}
