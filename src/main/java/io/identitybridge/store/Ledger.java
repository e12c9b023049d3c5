package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.ApprovedPlan;
import io.identitybridge.plan.Held;
import io.identitybridge.plan.PersonPlan;
import io.identitybridge.plan.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one writer of directory and membership. Facts first, each changed account marked due; then deeds, which clear it: in one transaction for a
 * single push, else in two. A facts transaction does not wait for the disk: the deeds transaction that follows it does, for both.
 */
public final class Ledger {
    /** So many members at most are pushed in or out beside other pushes, in one transaction with their deeds. */
    public static final int FEW = 200;
    private final Sql sql;
    private final Facts facts;
    private final Groups groups;
    private final NamedGroups named;
    private final Sizes sizes;
    private final Seals seals;
    private final TransactionTemplate transactions;
    private final Pushes pushes;

    public Ledger(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        this.sql = new Sql(jdbc);
        this.seals = seals;
        this.facts = new Facts(sql);
        this.groups = new Groups(sql);
        this.named = new NamedGroups(sql);
        this.sizes = new Sizes(sql);
        this.transactions = transactions;
        this.pushes = new Pushes(sql, facts, groups, sizes, seals, transactions);
    }

    /** Changes one thing as it is known; {@code now} is the database's time, before which everything it is based on was committed. */
    @FunctionalInterface
    public interface Changing<K, A> {
        A of(Optional<K> known, Instant now);
    }

    /** An account as it stands, and when. */
    public record Stored(AccountFact account, Instant at) {
    }

    /** Accounts as they should stand now, and what could not be read; {@code ends}: the IdP itself ends them by it. */
    public record AccountChange(List<AccountFact> accounts, List<Misread> misread, boolean ends) {
        public AccountChange(List<AccountFact> accounts, List<Misread> misread) {
            this(accounts, misread, false);
        }
    }

    /** Groups as they should stand now. */
    public record GroupChange(List<GroupFact> groups, List<Misread> misread) {
    }

    /** Changes the accounts of these IdP ids, under their locks. {@code ended}: why those are looked at who are gone. */
    public void accounts(SourceName source, Collection<String> ids, Function<Map<String, AccountFact>, AccountChange> change, Trigger trigger, Function<AccountFact, Trigger> ended, String setHash) {
        facts(now -> {
            AccountChange after = change.apply(facts.byExternalId(source, ids));
            after.accounts().stream().collect(Collectors.groupingBy(fact -> fact.goneAt().isPresent() ? ended.apply(fact) : trigger)).forEach((why, accounts) -> facts.write(accounts, why));
            facts.joinPending(source, after.accounts());
            misread(source, after.misread(), trigger.cause(), setHash);
            return null;
        });
    }

    /** Within a change of accounts: these are shown by a pull under another id than before, so the very same lists of their groups mean other people now, and are taken in anew. */
    public void listsAnew(Collection<UUID> accounts) {
        if (!accounts.isEmpty()) {
            sql.run("update directory_group g set pulled_members = null where g.pulled_members is not null and exists (select 1 from group_member m where m.group_id = g.id and m.account_id = any(?::uuid[]))", accounts);
        }
    }

    /** Within a change of accounts: those pushed without the IdP's id that have these user names (lower case), under their locks. */
    public Map<String, AccountFact> unanchoredAccounts(SourceName source, Collection<String> names) {
        return facts.unanchored(source, names);
    }

    /** Within a change of groups: those pushed without the IdP's id that have exactly these names, under their locks. */
    public Map<String, GroupFact> unanchoredGroups(SourceName source, Collection<String> names) {
        return groups.unanchored(source, names);
    }

    /** Looks at these accounts again, under their locks; writes only what the change gives back. {@code why}: why each of those is. */
    public void lookAgain(SourceName source, Collection<UUID> ids, Function<Collection<AccountFact>, AccountChange> change, Trigger trigger, Function<UUID, Trigger> why, String setHash) {
        facts(now -> {
            AccountChange after = change.apply(facts.byId(ids).values());
            facts.write(after.accounts(), why);
            misread(source, after.misread(), trigger.cause(), setHash);
            return null;
        });
    }

    /** Changes one account, under its lock; gives it as it stands. */
    public Stored account(UUID id, Changing<AccountFact, AccountChange> change, Trigger trigger, String setHash) {
        return facts(now -> new AccountPushes(sql, facts, seals).store(List.of(new AccountPushes.Push(id, change, trigger, setHash)), now).getFirst().get());
    }

    /** Likewise, and makes the deeds that follow: one durable transaction, shared with other pushes that come at the same time. */
    public Converged account(UUID id, Changing<AccountFact, AccountChange> change, Trigger trigger, Terms terms) {
        return pushes.user(new AccountPushes.Push(id, change, trigger, terms.rules().setHash()), terms);
    }

    /** Changes one account and gives it exactly these groups of the source by id or name; they are locked first, as everywhere. */
    public Stored account(UUID id, SourceName source, List<String> groups, Changing<AccountFact, AccountChange> change, Trigger trigger, String setHash) {
        return facts(now -> {
            NamedGroups.Found found = named.find(source, groups);
            Stored stored = new AccountPushes(sql, facts, seals).store(List.of(new AccountPushes.Push(id, change, trigger, setHash)), now).getFirst().get();
            named.set(id, found);
            return stored;
        });
    }

    /** Changes the groups of these IdP ids; their members are due where they now give something else. {@code ended}: why those of gone groups are. */
    public void groups(SourceName source, Collection<String> ids, Function<Map<String, GroupFact>, GroupChange> change, Trigger trigger, Function<GroupFact, Trigger> ended, String setHash) {
        facts(now -> {
            Map<String, GroupFact> before = groups.byExternalId(source, ids);
            write(source, before.values(), change.apply(before), trigger, ended, setHash);
            return null;
        });
    }

    /** What a push of members comes to. */
    public record MemberPush(List<String> add, List<String> remove, Optional<List<String>> exactly) {
    }

    /** Changes one group, under its lock: shared where only members change. Gives the accounts whose wishes may differ. */
    public List<UUID> group(UUID id, boolean renames, Changing<GroupFact, GroupChange> change, MemberPush members, SourceName source, Trigger trigger, String setHash) {
        return group(id, renames, change, members, source, trigger, () -> trigger, setHash);
    }

    /** Likewise; {@code why} its members are looked at is asked once the change is made. */
    public List<UUID> group(UUID id, boolean renames, Changing<GroupFact, GroupChange> change, MemberPush members, SourceName source, Trigger trigger, Supplier<Trigger> why, String setHash) {
        return facts(now -> {
            Optional<GroupFact> before = Optional.ofNullable(groups.byId(List.of(id), renames).get(id));
            GroupChange after = change.of(before, now);
            List<UUID> touched = new ArrayList<>(write(source, before.stream().toList(), after, why.get(), gone -> trigger, setHash));
            List<String> out = new ArrayList<>(members.remove());
            members.exactly().ifPresent(all -> out.addAll(without(groups.members(id), all)));
            touched.addAll(groups.pushOut(id, source, out, trigger));
            touched.addAll(groups.pushIn(id, source, members.exactly().map(all -> without(all, groups.members(id))).orElse(members.add()), trigger));
            if (touched.isEmpty()) {
                sql.run("set local synchronous_commit = on"); // nothing follows that would wait for the disk
            }
            return touched.stream().distinct().toList();
        });
    }

    /** Within a change of a group, under its lock: its version. */
    public String version(GroupFact group) {
        return GroupVersion.of(group.version(), groups.changes(group.id()));
    }

    /** Whom a pushed list of a group names and the directory has as inactive; nobody who was deleted. */
    public List<UUID> inactive(SourceName source, Collection<String> refs) {
        return facts.inactive(source, Groups.ids(refs));
    }

    /** Likewise the lists that a run has read, as far as it did not read those people themselves: {@code delta} says whether it reads only what has changed. */
    public List<UUID> inactive(UUID run, SourceName source, boolean delta, Duration lag) {
        return groups.inactive(run, source, delta, lag);
    }

    /** Brings members into a group that keeps its name, takes others out, {@link #FEW} at most, and makes the deeds that follow: one durable transaction as that of an account. A change that is refused throws. */
    public Converged members(UUID id, Changing<GroupFact, GroupChange> check, MemberPush members, Trigger trigger, Terms terms) {
        return pushes.members(new MemberPushes.Push(id, check, members.add(), members.remove(), terms.approved().source(), trigger), terms);
    }

    private static List<String> without(List<String> all, List<String> there) {
        var present = new java.util.HashSet<>(there);
        return all.stream().filter(ref -> !present.contains(ref)).distinct().toList();
    }

    private List<UUID> write(SourceName source, Collection<GroupFact> before, GroupChange after, Trigger trigger, Function<GroupFact, Trigger> ended, String setHash) {
        groups.write(after.groups());
        new Letters(sql, seals).readWell(source, after.groups());
        misread(source, after.misread(), trigger.cause(), setHash);
        Map<UUID, GroupFact> was = new HashMap<>();
        before.forEach(fact -> was.put(fact.id(), fact));
        List<GroupFact> others = after.groups().stream().filter(fact -> was.containsKey(fact.id()) && fact.givesOtherThan(was.get(fact.id()))).toList();
        others.stream().collect(Collectors.groupingBy(fact -> fact.goneAt().isPresent() ? ended.apply(fact) : trigger, Collectors.mapping(GroupFact::id, Collectors.toList())))
                .forEach((why, ids) -> groups.membersDue(ids, source.value(), why));
        List<UUID> moved = others.stream().map(GroupFact::id).toList();
        List<UUID> joined = named.join(after.groups().stream().filter(fact -> fact.goneAt().isEmpty()).map(GroupFact::id).toList(), trigger);
        return moved.isEmpty() ? joined : sql.rows("select distinct account_id from group_member where removed_at is null and group_id = any(?::uuid[])", (rs, n) -> rs.getObject(1, UUID.class), moved);
    }

    /** Takes the staged members of a run into their groups; {@code whole} groups lose who was not staged. */
    public void members(Hold hold, List<String> whole, Duration lag, Trigger trigger) {
        new StagedMembers(sql, groups, this).take(hold, whole, lag, trigger);
    }

    /** Whether pushes tell of users (or else of groups) of this source at all: only then is one missed. */
    public boolean pushes(SourceName source, boolean users) {
        return new Drift(sql).pushes(source, users);
    }

    /** Within a change of accounts or groups: what no push had told of them. */
    public void drifted(SourceName source, Collection<Drift.Found> found) {
        new Drift(sql).found(source, found);
    }

    /** What was missed before and told since is late: of accounts as far as {@code told} says so, of groups and members by their rows. */
    public void late(SourceName source, Predicate<Drift.Open> told, int most) {
        facts(now -> {
            Drift drift = new Drift(sql);
            drift.late(source, drift.told(source, facts, most).stream().filter(told).toList());
            return null;
        });
    }

    /** Whether a delta said of some member what a newer push contradicts. */
    public boolean fencedMembers(UUID run, SourceName source, Duration lag) {
        return groups.fenced(run, source, lag);
    }

    /** Due accounts of a source with the person (or the account itself) they belong to, in stretches. */
    public record Due(UUID account, UUID order) {
    }

    public List<Due> due(SourceName source, Optional<UUID> after, int size) {
        return sql.rows("select d.account_id, coalesce(l.person_id, d.account_id) as k from due d left join link l on l.account_id = d.account_id"
                + " where d.source = ? and (?::uuid is null or coalesce(l.person_id, d.account_id) > ?::uuid) order by k limit ?",
                (rs, n) -> new Due(rs.getObject(1, UUID.class), rs.getObject(2, UUID.class)), source.value(), after.map(UUID::toString).orElse(null), after.map(UUID::toString).orElse(null), size);
    }

    /** Accounts that have been due for a while: a bridge stopped before it converged them. */
    public Map<SourceName, List<UUID>> overdue(Duration age, int most) {
        Map<SourceName, List<UUID>> overdue = new HashMap<>();
        sql.rows("select d.source, d.account_id from due d where d.at < now() - make_interval(secs => ?) and not exists (select 1 from source_state s where s.source = d.source and s.lease_until > now()) order by row_number() over (partition by d.source order by d.at) limit ?",
                (rs, n) -> overdue.computeIfAbsent(new SourceName(rs.getString(1)), s -> new ArrayList<>()).add(rs.getObject(2, UUID.class)), (double) age.toSeconds(), most);
        return overdue;
    }

    /** Marks those due who wait for an address that nobody active has any more: whoever gave it up may not have seen that they waited. */
    public int wake() {
        return sql.run("""
                insert into due (account_id, source, cause) select a.id, a.source, 'address' from dead_letter d join account a on a.source = d.source and (a.external_id = d.key or a.id::text = d.key or a.id = d.record_id)
                where d.status in ('open', 'retrying') and d.resource = 'user' and d.cause = 'AMBIGUOUS' and d.fingerprint like '%|email|%' and a.gone_at is null
                  and not exists (select 1 from person p where p.email_folded = lower(normalize(a.email)) and not p.freed and (p.status = 'active' or p.revoked_at is not null))
                on conflict (account_id) do nothing""");
    }

    /** Members, and groups that users name, who were pushed at the very moment in which they appeared, when neither request saw the other, join now: of the last hour. They are due. */
    public int joinLate() {
        return facts(now -> groups.joinLate() + named.joinLate());
    }

    /** Marks accounts due on purpose. */
    public void markDue(Collection<UUID> accounts, Trigger trigger) {
        facts(now -> {
            facts.due(accounts, id -> trigger);
            return null;
        });
    }

    /** What would change for the people of these accounts, without touching anything. */
    public void assess(Collection<UUID> accounts, Rules rules, BiConsumer<UUID, PersonPlan> each, BiConsumer<UUID, List<String>> refused) {
        transactions.executeWithoutResult(tx -> new Proposals(sql, seals, rules, false).of(accounts, false).forEach(p -> {
            each.accept(p.key(), p.plan());
            refused.accept(p.key(), p.refused());
        }));
    }

    /** The accounts of one person as his wish is made of them, and what was refused him; nothing is locked. */
    public Wishing wishing(UUID person, Rules rules) {
        return transactions.execute(tx -> {
            List<UUID> ids = sql.rows("select account_id from link where person_id = ? order by 1", (rs, n) -> rs.getObject(1, UUID.class), person);
            List<Proposal> his = new Proposals(sql, seals, rules, false).of(ids, false).stream().filter(p -> p.subject().id().equals(person)).toList();
            return new Wishing(his.stream().flatMap(p -> p.subject().accounts().stream()).toList(), facts.read(ids), his.stream().flatMap(p -> p.refused().stream()).toList());
        });
    }

    /** One person's accounts, as wished with and whole. */
    public record Wishing(List<Account> accounts, Map<UUID, AccountFact> facts, List<String> refused) {
    }

    /** Does the work and takes it back: a rehearsal. */
    public void rehearse(Runnable work) {
        transactions.executeWithoutResult(tx -> {
            work.run();
            tx.setRollbackOnly();
        });
    }

    /** What a source holds and has spent, for the guard. */
    public Held held(SourceName source, Totals totals) {
        return new Tallies(sql, sizes).held(source, totals);
    }

    /** Makes deeds equal to wishes for the people of these accounts, as far as approved: one durable transaction. */
    public Converged converge(Collection<UUID> accounts, ApprovedPlan approved, Rules rules, Origin origin) {
        return transactions.execute(tx -> new Convergence(sql, sizes, seals, rules).of(new Deed(accounts, approved, rules, origin)));
    }

    /** Archives workspaces whose group is gone, as far as approved; {@code ruled} are those that attribute rules give. */
    public Converged endings(ApprovedPlan approved, Set<String> ruled, Rules rules, Origin origin) {
        return transactions.execute(tx -> new Endings(sql, sizes, rules, origin).of(approved, ruled));
    }

    /** Workspaces whose only reason is one group that now gives another name, and that may be renamed. Old folded name to new name. */
    public Map<String, String> renames(SourceName source, Rules rules) {
        return new Renames(sql, rules).of(source);
    }

    /** Renames workspaces whose group has moved, and makes missing ones; gives the sentences. */
    public List<String> workspaces(Rules rules, Collection<String> wanted, SourceName source, Origin origin) {
        return transactions.execute(tx -> {
            List<String> done = new ArrayList<>(new Renames(sql, rules).take(source, origin));
            Workspaces workspaces = new Workspaces(sql, false);
            List<Runnable> nothing = new ArrayList<>();
            wanted.forEach(name -> workspaces.wanted(name, id -> { }, nothing));
            done.addAll(workspaces.resolve(source.value(), origin, rules.setHash(), rules.publishes()));
            return done;
        });
    }

    /** Ends a run's work: how it read, where the next one starts, and what a complete one kept of each record. Letters about runs that broke are closed. */
    public void finish(Hold hold, Map<String, String> cursors, String reading, Optional<Set<String>> fields) {
        SourceName source = hold.source();
        transactions.executeWithoutResult(tx -> {
            hold.check(sql);
            cursors.forEach((resource, value) -> sql.run("insert into cursor (source, resource, read_hash, value) values (?, ?, ?, ?)"
                    + " on conflict (source, resource) do update set read_hash = excluded.read_hash, value = excluded.value, at = now()", source.value(), resource, reading, value));
            sql.run("update source_state s set reading = r.reading from run r where r.id = ? and s.source = r.source", hold.run());
            fields.ifPresent(kept -> sql.run("insert into source_state (source, fields) values (?, ?::text[]) on conflict (source) do update set fields = excluded.fields", source.value(), kept));
            new Letters(sql, seals).overtaken(source);
        });
    }

    /** One account whose deeds cannot be written, whatever is done: a letter, and it rests until it changes. */
    public Problem broken(UUID account, String why, String origin, String setHash) {
        return transactions.execute(tx -> {
            AccountFact fact = facts.byId(List.of(account)).get(account);
            Problem problem = new Problem(Cause.BUG, "user", fact.externalId().orElse(account.toString()), "", why);
            new Letters(sql, seals).open(List.of(Letters.Letter.of(fact.source(), new Misread(problem, fact.version(), Optional.empty(), List.of(), fact.leaves()), "apply")), origin, setHash);
            sql.run("delete from due where account_id = ?", account);
            return problem;
        });
    }

    /** One account that was told to leave, and stays because that could not be stored: a letter that only a newer state closes, of a leaver where he has any access. Nothing where the account is not there any more, or has left. */
    public void stays(SourceName source, UUID account, Cause cause, String why, String origin, String setHash) {
        transactions.executeWithoutResult(tx -> Optional.ofNullable(facts.byId(List.of(account)).get(account)).filter(fact -> fact.source().equals(source) && fact.goneAt().isEmpty() && !fact.leaves()).ifPresent(fact -> {
            boolean member = sql.number("select count(*) from link k join person p on p.id = k.person_id where k.account_id = ? and p.status = 'active'", account) > 0;
            Problem problem = new Problem(cause, "user", fact.externalId().orElse(account.toString()), "active", why);
            new Letters(sql, seals).open(List.of(Letters.Letter.of(source, new Misread(problem, fact.version() + 1, Optional.empty(), List.of(), member), Letters.REFUSED)), origin, setHash);
        }));
    }

    /** Files a letter about something that is no record: an exchange that failed. Gives the letter's number. */
    public long letter(SourceName source, Misread misread, String step, String origin, String setHash) {
        return transactions.execute(tx -> {
            Letters letters = new Letters(sql, seals);
            letters.open(List.of(Letters.Letter.of(source, misread, step)), origin, setHash);
            return letters.number(source, misread.problem());
        });
    }

    private void misread(SourceName source, List<Misread> misread, String cause, String setHash) {
        new Letters(sql, seals).open(misread.stream().map(m -> Letters.Letter.of(source, m, "map")).toList(), cause, setHash);
    }

    /** Facts that a run has read, as one; {@link Lease.Lost} where its hold is no more, and then nothing is changed. */
    public <T> T held(Hold hold, Function<Instant, T> work) {
        return facts(now -> {
            hold.check(sql);
            return work.apply(now);
        });
    }

    /** A transaction that does not wait for the disk; what follows it does. */
    private <T> T facts(Function<Instant, T> work) {
        return transactions.execute(tx -> work.apply(sql.row("select set_config('synchronous_commit', 'off', true), now()", (rs, n) -> rs.getTimestamp(2).toInstant()).orElseThrow()));
    }
}
