package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import io.identitybridge.plan.Linker;
import io.identitybridge.plan.PersonNow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;

/** Gathers what is known of the people behind some accounts, in a constant number of statements. */
final class Subjects {
    /** Where somebody has an account; of whoever is about to be archived, because all of his are gone, where he had one. */
    private static final String LIVING_ELSEWHERE = "select distinct l.person_id, l.source from link l join account a on a.id = l.account_id where l.person_id = any(?::uuid[])"
            + " and (a.gone_at is null or not exists (select 1 from link o join account b on b.id = o.account_id where o.person_id = l.person_id and b.gone_at is null))";

    private final Sql sql;
    private final Set<SourceName> known;
    private final Rules rules;
    private final Linker linker;

    Subjects(Sql sql, Rules rules) {
        this.sql = sql;
        this.known = rules.known();
        this.rules = rules;
        this.linker = new Linker(rules.organisation());
    }

    /** The people behind these accounts; {@code lock} takes their rows, in the order of their ids. Of whoever is somebody already, all is read under that lock. */
    List<Subject> of(Collection<UUID> accountIds, boolean lock, Marks marks) {
        List<UUID> known = accountIds.stream().filter(id -> marks.fresh(id).isEmpty()).toList();
        Map<UUID, UUID> linked = linked(known, marks);
        List<UUID> others = known.stream().filter(id -> !linked.containsKey(id)).toList();
        List<AccountRow> due = new ArrayList<>(accountIds.stream().flatMap(id -> marks.fresh(id).stream()).toList());
        due.addAll(others.isEmpty() ? List.of() : AccountRow.read(sql, "a.id = any(?::uuid[])", others));
        Map<UUID, Group> groups = new LinkedHashMap<>();
        linked.forEach((account, person) -> groups.computeIfAbsent(person, id -> new Group(id, true)).due.add(account));
        List<Linker.Candidate> candidates = candidates(due);
        List<AccountRow> leavers = leavers(due);
        Linking linking = new Linking(linker, candidates, leavers, candidates.isEmpty() && leavers.isEmpty() ? Map.of() : unlinked(due));
        due.forEach(row -> linking.place(row, groups));
        List<Subject> subjects = finish(groups, groups.values().stream().filter(group -> group.existing).map(group -> group.id).sorted().toList(), lock, marks);
        if (lock && linked.entrySet().stream().anyMatch(link -> !groups.get(link.getValue()).rows.containsKey(link.getKey()))) {
            throw new ConcurrencyFailureException("an account has become somebody else's before its person was locked");
        }
        return subjects;
    }

    /** Whose these accounts are. Whoever was about to make one somebody's has done so. */
    private Map<UUID, UUID> linked(List<UUID> accounts, Marks marks) {
        Map<UUID, UUID> linked = new TreeMap<>();
        if (!accounts.isEmpty()) {
            Script script = new Script(sql);
            marks.take(script, accounts);
            read(script, accounts, linked);
            List<UUID> nobody = accounts.stream().filter(id -> !linked.containsKey(id)).toList();
            if (marks.mark(nobody)) {
                read(script, nobody, linked);
            }
        }
        return linked;
    }

    private static void read(Script script, List<UUID> accounts, Map<UUID, UUID> linked) {
        script.rows("select account_id, person_id from link where account_id = any(?::uuid[])", (rs, n) -> linked.put(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class)), accounts);
        script.send();
    }

    /** Locks before what is read under them; workspaces before groups: a group that moves while they are kept as they are is noticed after this. */
    private List<Subject> finish(Map<UUID, Group> groups, List<UUID> people, boolean lock, Marks marks) {
        Script script = new Script(sql);
        if (lock && !people.isEmpty()) {
            script.rows("select id from person where id = any(?::uuid[]) order by id for no key update", (rs, n) -> 0, people);
        }
        Supplier<List<AccountRow>> his = people.isEmpty() ? List::of : AccountRow.read(script, "l.person_id = any(?::uuid[])", people);
        Supplier<Map<UUID, PersonNow>> locked = new People(sql, rules).of(script, people, lock);
        Supplier<Map<UUID, List<Grant>>> granted = groupGrants(script, groups.values().stream().flatMap(group -> group.rows.keySet().stream()).filter(id -> marks.fresh(id).isEmpty()).toList(), people);
        script.send();
        his.get().forEach(row -> groups.get(row.person().orElseThrow()).rows.put(row.id(), row));
        Map<UUID, PersonNow> now = locked.get();
        Map<UUID, List<Grant>> grants = granted.get();
        List<Subject> subjects = new ArrayList<>(groups.size());
        for (Group group : groups.values()) {
            List<Account> accounts = group.rows.values().stream().flatMap(row -> row.account(known, grants.getOrDefault(row.id(), List.of())).stream())
                    .map(account -> placed(account, now.get(group.id))).toList();
            subjects.add(new Subject(group.id, Optional.ofNullable(now.get(group.id)), accounts, group.joins, group.due, group.problems,
                    group.rows.values().stream().filter(row -> group.due.contains(row.id())).map(AccountRow::generation).toList(),
                    group.rows.values().stream().filter(row -> !marks.ends(row.id())).flatMap(row -> row.waits().stream()).findFirst()));
        }
        return subjects;
    }

    /** Whoever keeps a workspace after its rule was dropped is placed by it. */
    private static Account placed(Account account, PersonNow now) {
        boolean kept = account.standing() == Standing.IN_IF_PLACED && now != null && now.memberships().values().stream().anyMatch(membership -> membership.keptFrom(account.source()));
        return kept ? account.standing(Standing.IN) : account;
    }

    /** What groups give these accounts, and all that these people have. */
    private static Supplier<Map<UUID, List<Grant>>> groupGrants(Script script, List<UUID> accounts, List<UUID> people) {
        if (accounts.isEmpty() && people.isEmpty()) {
            return Map::of;
        }
        Supplier<List<Giving>> giving = script.rows("select g.id, g.source, g.places, m.accounts from (select group_id, array_agg(account_id) as accounts from group_member where removed_at is null"
                + " and account_id = any(array(select unnest(?::uuid[]) union select account_id from link where person_id = any(?::uuid[]))) group by group_id) m"
                + " join directory_group g on g.id = m.group_id where (g.gone_at is null or g.lingers) and g.kept", (rs, n) -> Giving.of(rs), accounts, people);
        return () -> {
            Map<UUID, List<Grant>> grants = new HashMap<>();
            giving.get().forEach(group -> group.accounts().forEach(account -> grants.computeIfAbsent(account, id -> new ArrayList<>()).addAll(group.grants())));
            return grants;
        };
    }

    /** What one group gives, and to which of the accounts. */
    private record Giving(List<Grant> grants, List<UUID> accounts) {
        static Giving of(ResultSet rs) throws SQLException {
            SourceName source = new SourceName(rs.getString(2));
            String reason = "group:" + rs.getString(1);
            return new Giving(Places.of(Sql.texts(rs, "places")).stream().map(place -> new Grant(source, reason, place.workspace(), place.role(), place.rule())).toList(), List.of((UUID[]) rs.getArray(4).getArray()));
        }
    }

    private List<Linker.Candidate> candidates(List<AccountRow> due) {
        List<String> emails = due.stream().filter(this::wantsPerson).map(row -> Folded.of(row.user().orElseThrow().email())).toList();
        List<String> keys = due.stream().filter(this::wantsPerson).flatMap(row -> row.user().orElseThrow().personKey().stream()).toList();
        if (emails.isEmpty()) {
            return List.of();
        }
        List<Linker.Candidate> found = sql.rows("select id, email, person_key, status = 'active', revoked_at is not null from person where email_folded = any(?::text[]) and not freed"
                + " union select id, email, person_key, status = 'active', revoked_at is not null from person where person_key = any(?::text[])",
                (rs, n) -> new Linker.Candidate(rs.getObject(1, UUID.class), rs.getString(2), Sql.text(rs, "person_key"), rs.getBoolean(4), rs.getBoolean(5), Set.of()), emails, keys);
        Map<UUID, Set<SourceName>> sources = new HashMap<>();
        if (!found.isEmpty()) {
            sql.rows(LIVING_ELSEWHERE, (rs, n) -> sources.computeIfAbsent(rs.getObject(1, UUID.class), id -> new HashSet<>()).add(new SourceName(rs.getString(2))),
                    found.stream().map(Linker.Candidate::person).toList());
        }
        return found.stream().map(c -> new Linker.Candidate(c.person(), c.email(), c.personKey(), c.active(), c.revoked(), sources.getOrDefault(c.person(), Set.of()))).toList();
    }

    private boolean wantsPerson(AccountRow row) {
        return row.seeksPerson() || row.leavesNobody() && linker.decides(row.source());
    }

    /** Accounts by which a source that decides has one of these newcomers as inactive, by his person key: he does not come, but where that source only observes or proposes. */
    private List<AccountRow> leavers(List<AccountRow> due) {
        List<String> deciding = rules.organisation().authority().stream().filter(source -> known.contains(source) && rules.organisation().rule(source).mode() == Organisation.Mode.APPLY).map(SourceName::value).toList();
        List<String> keys = deciding.isEmpty() ? List.of() : due.stream().filter(AccountRow::seeksPerson).flatMap(row -> row.user().orElseThrow().personKey().stream()).toList();
        return keys.isEmpty() ? List.of() : AccountRow.leavers(sql, deciding, keys);
    }

    /** Whom an operator has said an account not to be. */
    private Map<UUID, Set<UUID>> unlinked(List<AccountRow> due) {
        Map<UUID, Set<UUID>> unlinked = new HashMap<>();
        sql.rows("select account_id, person_id from unlinked where account_id = any(?::uuid[])", (rs, n) -> unlinked.computeIfAbsent(rs.getObject(1, UUID.class), id -> new HashSet<>()).add(rs.getObject(2, UUID.class)),
                due.stream().filter(this::wantsPerson).map(AccountRow::id).toList());
        return unlinked;
    }

    /** People under construction. */
    private static final class Group {
        final UUID id;
        final boolean existing;
        final Map<UUID, AccountRow> rows = new LinkedHashMap<>();
        final Map<UUID, String> joins = new LinkedHashMap<>();
        final List<UUID> due = new ArrayList<>();
        final List<io.identitybridge.model.Problem> problems = new ArrayList<>();

        Group(UUID id, boolean existing) {
            this.id = id;
            this.existing = existing;
        }
    }

    /** Puts each due account to its person, known or new; a second newcomer of one e-mail meets the first. */
    private static final class Linking {
        private final Map<String, List<Linker.Candidate>> byEmail = new HashMap<>();
        private final Map<String, List<Linker.Candidate>> byKey = new HashMap<>();
        private final Linker linker;
        private final List<AccountRow> leavers;
        private final Map<UUID, Set<UUID>> unlinked;

        Linking(Linker linker, List<Linker.Candidate> known, List<AccountRow> leavers, Map<UUID, Set<UUID>> unlinked) {
            this.linker = linker;
            this.leavers = leavers;
            this.unlinked = unlinked;
            known.forEach(this::know);
        }

        private void know(Linker.Candidate candidate) {
            byEmail.computeIfAbsent(Folded.of(candidate.email()), email -> new ArrayList<>()).add(candidate);
            candidate.personKey().ifPresent(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(candidate));
        }

        void place(AccountRow row, Map<UUID, Group> groups) {
            if (row.person().isPresent()) {
                Group group = groups.computeIfAbsent(row.person().get(), id -> new Group(id, true));
                group.rows.put(row.id(), row);
                group.due.add(row.id());
                return;
            }
            if (!row.seeksPerson()) {
                leaver(row, groups);
                return;
            }
            switch (linker.decide(row.source(), row.key(), row.user().orElseThrow(), known(row))) {
                case Linker.Decision.Join join -> join(row, join, groups);
                case Linker.Decision.Newcomer newcomer -> newcomer(row, groups);
                case Linker.Decision.Unclear unclear -> alone(row, groups).problems.add(unclear.problem());
            }
        }

        /** Somebody who is active elsewhere may leave by it. */
        private void leaver(AccountRow row, Map<UUID, Group> groups) {
            Optional<Linker.Decision> decision = row.leavesNobody() && linker.decides(row.source()) ? linker.leaver(row.source(), row.key(), row.user().orElseThrow(), known(row)) : Optional.empty();
            switch (decision.orElseGet(() -> new Linker.Decision.Newcomer(List.of()))) {
                case Linker.Decision.Join join -> join(row, join, groups);
                case Linker.Decision.Newcomer nobody -> alone(row, groups);
                case Linker.Decision.Unclear unclear -> alone(row, groups).problems.add(unclear.problem());
            }
        }

        private List<Linker.Candidate> known(AccountRow row) {
            List<Linker.Candidate> all = new ArrayList<>(byEmail.getOrDefault(Folded.of(row.user().orElseThrow().email()), List.of()));
            row.user().orElseThrow().personKey().ifPresent(key -> byKey.getOrDefault(key, List.of()).stream().filter(c -> !all.contains(c)).forEach(all::add));
            all.removeIf(candidate -> unlinked.getOrDefault(row.id(), Set.of()).contains(candidate.person()));
            return all;
        }

        private void join(AccountRow row, Linker.Decision.Join join, Map<UUID, Group> groups) {
            Group group = groups.computeIfAbsent(join.person(), id -> new Group(id, true));
            group.rows.put(row.id(), row);
            group.joins.put(row.id(), join.by());
            group.due.add(row.id());
        }

        private void newcomer(AccountRow row, Map<UUID, Group> groups) {
            Group group = new Group(Ids.next(), false);
            group.rows.put(row.id(), row);
            group.joins.put(row.id(), "email");
            group.due.add(row.id());
            groups.put(group.id, group);
            Linker.Candidate fresh = new Linker.Candidate(group.id, row.user().orElseThrow().email(), row.user().orElseThrow().personKey(), true, false, Set.of(row.source()));
            leavers.stream().filter(his -> linker.leaver(his.source(), his.key(), his.user().orElseThrow(), List.of(fresh)).filter(Linker.Decision.Join.class::isInstance).isPresent()).forEach(his -> {
                group.rows.put(his.id(), his);
                group.joins.put(his.id(), "person");
            });
            know(fresh);
        }

        /** An account that stands for nobody now. */
        private static Group alone(AccountRow row, Map<UUID, Group> groups) {
            Group group = new Group(Ids.next(), false);
            group.due.add(row.id());
            group.rows.put(row.id(), row);
            groups.put(group.id, group);
            return group;
        }
    }
}
