package io.identitybridge.check;

import io.identitybridge.files.FileSet;
import io.identitybridge.files.LimitReader;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.SourceFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.MappedUser;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Account;
import io.identitybridge.model.Grant;
import io.identitybridge.model.Place;
import io.identitybridge.model.Problem;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import io.identitybridge.source.Item;
import io.identitybridge.source.Joins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** One test in a mapping file, run through the very functions that pulls and pushes go through. No clock, no store. */
final class MappingTest {
    /** When a test without {@code now} runs. */
    private static final Instant USUAL = Instant.parse("2026-01-01T12:00:00Z");

    private final FileSet set;
    private final MappingFile file;
    private final Mapping mapping;
    private final MappingFile.Test test;
    private final Instant now;
    private final Before before;
    private final Optional<SourceFile> source;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> hints = new ArrayList<>();
    private final Set<String> met = new HashSet<>();

    MappingTest(FileSet set, MappingFile file, Mapping mapping, MappingFile.Test test) {
        this.set = set;
        this.file = file;
        this.mapping = mapping;
        this.test = test;
        this.now = test.now().orElse(USUAL);
        this.before = Before.of(test.before());
        this.source = set.source(file.name());
    }

    Outcome run() {
        Given given = Given.of(file, test);
        Membership membership = new Membership(file, mapping, source, joins(given), before, now);
        given.list("groups").forEach(membership::take);
        if (!given.list("groups").isEmpty()) {
            met.add(Coverage.GROUPS);
        }
        given.list("pushed-groups").forEach(membership::push);
        if (!given.list("pushed-groups").isEmpty()) {
            met.add(Coverage.PUSHED_GROUPS);
        }
        problems.addAll(membership.problems());
        hints.addAll(membership.problems());
        Map<String, MappedUser> users = users(given);
        membership.touched().forEach(id -> before.email(id).ifPresent(email -> users.computeIfAbsent(id, person -> held(id, email))));
        Planned planned = new Planned(set.portkey(), before, file.name(), now);
        users.forEach((id, made) -> made.user().ifPresent(user -> {
            Account account = account(id, user, made, membership);
            account.grants().stream().map(Grant::rule).forEach(met::add);
            planned.person(id, account);
        }));
        users.forEach((id, made) -> {
            if (made.user().isEmpty() && made.standing().equals(Optional.of(Standing.LEFT))) {
                before.email(id).ifPresent(email -> planned.person(id, account(id, user(id, email), made, membership)));
            }
        });
        membership.fresh().stream().map(Place::rule).forEach(met::add);
        return planned.outcome(membership.fresh(), LimitReader.read(test.limits(), set.portkey().limits()), problems, hints, met);
    }

    private Account account(String id, User user, MappedUser made, Membership membership) {
        List<Grant> grants = new ArrayList<>(made.places().stream().map(place -> new Grant(file.name(), "rule:" + place.rule(), place.workspace(), place.role(), place.rule())).toList());
        grants.addAll(membership.grants(id));
        return new Account(UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)), file.name(), user, made.standing().orElse(Standing.KEPT), made.onOutOfScope(), false, grants);
    }

    /** Everybody the test gives, pulled, pushed or both, by id. */
    private Map<String, MappedUser> users(Given given) {
        Optional<SourceFile.Resource> list = source.flatMap(f -> Optional.ofNullable(f.read().get("users")));
        Joins joins = joins(given);
        Map<String, Map<String, Object>> pushed = new LinkedHashMap<>();
        given.list("pushed").forEach(resource -> pushed.put(String.valueOf(resource.getOrDefault("externalId", resource.get("userName"))), resource));
        Map<String, MappedUser> users = new LinkedHashMap<>();
        for (Map<String, Object> record : given.list("users")) {
            String id = Ids.of(list, record);
            Map<String, Object> variables = joins.variables(new Item(id, false, record));
            Optional<Map<String, Object>> push = Optional.ofNullable(pushed.remove(id));
            users.put(id, read(new Input(id, Optional.of(mapping.projectUser(variables)), push, true), new Input(id, Optional.of(variables), push, true)));
        }
        pushed.forEach((id, resource) -> {
            Input input = new Input(id, Optional.empty(), Optional.of(resource), true);
            users.put(id, read(input, input));
        });
        return users;
    }

    private MappedUser read(Input input, Input whole) {
        MappedUser made = mapping.user(input, now);
        problems.addAll(made.problems());
        hints.addAll(made.problems().isEmpty() ? List.of() : mapping.user(whole, now).problems());
        boolean active = !made.standing().equals(Optional.of(Standing.LEFT));
        if (input.pushed().isPresent()) {
            met.add(active ? Coverage.PUSHED_ACTIVE : Coverage.PUSHED);
        }
        if (input.pulled().isPresent()) {
            met.add(active ? Coverage.PULLED_ACTIVE : Coverage.PULLED);
        }
        return made;
    }

    private Joins joins(Given given) {
        Joins joins = source.map(Joins::new).orElseGet(Joins::none);
        source.ifPresent(f -> f.read().values().forEach(resource -> {
            if (given.lists().containsKey(resource.name()) && !Stream.of("users", "groups", "members").toList().contains(resource.name())) {
                joins.took(resource, given.list(resource.name()).stream().flatMap(record -> Item.of(resource, record).stream()).toList());
            }
        }));
        return joins;
    }

    /** Somebody of whom the test says nothing but that he was there: as he was. */
    private MappedUser held(String id, String email) {
        Standing standing = file.admit() instanceof MappingFile.Admit.InAnyWorkspace ? Standing.IN_IF_PLACED : Standing.IN;
        return new MappedUser(Optional.of(user(id, email)), Optional.of(standing), Optional.of(false), file.archiveOutOfScope() ? Standing.LEFT : Standing.KEPT, List.of(), List.of());
    }

    private static User user(String id, String email) {
        return new User(Optional.of(id), email, email, email, true, List.of(), Optional.empty());
    }
}
