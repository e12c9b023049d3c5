package io.identitybridge.store;

import io.identitybridge.model.Account;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Standing;
import io.identitybridge.plan.Line;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.Split;
import io.identitybridge.plan.Wish;
import io.identitybridge.plan.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gathers what a chunk of people becomes, column by column, and writes it in a constant number of statements. */
final class Deeds {
    private final Columns created = new Columns(7);
    private final Columns changed = new Columns(7);
    private final List<UUID> freed = new ArrayList<>();
    private final Columns links = new Columns(3);
    private final Columns members = new Columns(3);
    private final Columns removed = new Columns(2);
    private final Columns went = new Columns(2);
    private final Columns regranted = new Columns(2);
    private final Columns grants = new Columns(6);
    private final Columns audit = new Columns(7);
    private final List<UUID> touched = new ArrayList<>();
    private final List<UUID> leavers = new ArrayList<>();
    private final Set<String> left = new HashSet<>();
    private final List<UUID> letGo = new ArrayList<>();
    private final Authority authority;
    private final Workspaces workspaces;
    private final Words words;
    private final List<Runnable> placed = new ArrayList<>();

    Deeds(Workspaces workspaces, Organisation organisation) {
        this.workspaces = workspaces;
        this.words = new Words(organisation);
        this.authority = new Authority(organisation.authority());
    }

    /** Takes one person's part that is done now; gives its sentences. */
    List<String> take(Proposal proposal, Split split, Origin origin) {
        Subject subject = proposal.subject();
        authority.saw(subject);
        boolean exists = subject.now().isPresent() || split.now().stream().anyMatch(line -> line.change() instanceof Change.CreateUser);
        if (!exists) {
            return List.of();
        }
        attributes(proposal, split);
        subject.joins().forEach((account, by) -> links.add(account, subject.id(), by));
        split.now().forEach(line -> membership(subject.id(), line));
        split.grants().forEach((folded, reasons) -> regrant(subject, folded, reasons));
        subject.now().map(now -> proposal.wish().letGo(now, split, subject.accounts().stream().map(Account::source).collect(Collectors.toSet())))
                .ifPresent(sources -> subject.accounts().stream().filter(account -> account.standing() == Standing.OUT_OF_SCOPE && sources.contains(account.source())).map(Account::id).forEach(letGo::add));
        List<String> sentences = split.now().stream().map(line -> line.sentence()).toList();
        if (!sentences.isEmpty()) {
            audit.add(subject.id(), Sql.joined(sentences), origin.actor(), origin.via(), origin.origin(), Sql.joined(reasons(split)), Sql.joined(lost(subject.accounts(), split)));
            touched.add(subject.id());
        }
        return sentences;
    }

    /** Why he has the roles that change, for whoever asks later. */
    private static List<String> reasons(Split split) {
        Set<String> changed = split.now().stream().flatMap(line -> line.change().place().stream()).map(Folded::of).collect(Collectors.toSet());
        return split.grants().entrySet().stream().filter(place -> changed.contains(place.getKey()))
                .flatMap(place -> place.getValue().stream().flatMap(grant -> Stream.of(place.getKey(), grant.source().value(), grant.reason(), grant.role().toString(), grant.rule()))).toList();
    }

    /** Field, value, source and reason of each word that does not hold, of the fields that change. */
    private List<String> lost(List<Account> accounts, Split split) {
        if (accounts.size() < 2) {
            return List.of();
        }
        return Stream.of(Words.Field.values()).filter(field -> split.now().stream().anyMatch(line -> tells(line.change(), field)))
                .flatMap(field -> words.of(field, accounts).stream().flatMap(word -> word.lost().stream()).flatMap(other -> Stream.of(field.shown(), other.value(), other.by().source().value(), other.why()))).toList();
    }

    private static boolean tells(Change change, Words.Field field) {
        return switch (change) {
            case Change.CreateUser create -> true;
            case Change.ArchiveUser archive -> field == Words.Field.ACTIVE;
            case Change.ReviveUser revive -> field == Words.Field.ACTIVE;
            case Change.RenameUser rename -> field == Words.Field.EMAIL;
            case Change.UpdateUser update -> field.shown().equals(update.attribute());
            case Change.SetOrgRole set -> field == Words.Field.ROLE;
            case Change.Add a -> false;
            case Change.Keep a -> false;
            case Change.Raise a -> false;
            case Change.Lower a -> false;
            case Change.Remove a -> false;
            case Change.CreateWorkspace a -> false;
            case Change.RenameWorkspace a -> false;
            case Change.ArchiveWorkspace a -> false;
        };
    }

    private void attributes(Proposal proposal, Split split) {
        Subject subject = proposal.subject();
        OrgRole role = split.now().stream().flatMap(line -> line.change() instanceof Change.SetOrgRole set ? Stream.of(set.to()) : Stream.empty())
                .findFirst().orElse(subject.now().map(PersonNow::orgRole).orElse(OrgRole.MEMBER));
        if (subject.now().isPresent()) {
            change(proposal, split, subject.now().get(), role);
            return;
        }
        Wish.Member wish = (Wish.Member) proposal.wish();
        created.add(subject.id(), wish.email(), wish.userName(), wish.displayName(), role, wish.personKey(), Folded.of(wish.email()));
        freed.addAll(proposal.frees());
        authority.came(wish.email(), wish.personKey());
    }

    private void change(Proposal proposal, Split split, PersonNow before, OrgRole role) {
        String email = before.email();
        String userName = before.userName();
        String displayName = before.displayName();
        boolean active = before.active();
        for (Line line : split.now()) {
            switch (line.change()) {
                case Change.RenameUser rename -> email = rename.to();
                case Change.UpdateUser update when update.attribute().equals("userName") -> userName = update.to();
                case Change.UpdateUser update -> displayName = update.to();
                case Change.ArchiveUser archive -> active = false;
                case Change.ReviveUser revive -> active = true;
                default -> { } // of places and roles
            }
        }
        UUID id = proposal.subject().id();
        if (before.active() && !active) {
            leavers.add(id);
        }
        if (before.active() && !active || !Folded.of(email).equals(Folded.of(before.email()))) {
            left.add(Folded.of(before.email()));
            freed.addAll(proposal.frees());
        }
        if (active && !before.active()) {
            freed.addAll(proposal.frees());
        }
        if (active && !(before.active() && Folded.of(email).equals(Folded.of(before.email())))) {
            authority.came(email, Optional.empty());
        }
        if (role != before.orgRole() || active != before.active() || !List.of(email, userName, displayName).equals(List.of(before.email(), before.userName(), before.displayName()))) {
            changed.add(id, email, Folded.of(email), userName, displayName, role, active ? "active" : "archived");
        }
    }

    private void membership(UUID person, Line line) {
        switch (line.change()) {
            case Change.Add add -> place(person, add.workspace(), add.role().toString());
            case Change.Raise raise -> place(person, raise.workspace(), raise.to().toString());
            case Change.Lower lower -> place(person, lower.workspace(), lower.to().toString());
            case Change.Remove remove -> workspaces.held(remove.workspace(), id -> {
                removed.add(person, id);
                if (line.within() == ChangeClass.REMOVE) {
                    went.add(person, id);
                }
            }, placed);
            default -> { } // of the person himself
        }
    }

    private void place(UUID person, String workspace, String role) {
        workspaces.wanted(workspace, id -> members.add(person, id, role), placed);
    }

    private void regrant(Subject subject, String folded, List<Grant> reasons) {
        boolean before = subject.now().map(now -> now.memberships().containsKey(folded)).orElse(false);
        if (before) {
            workspaces.held(folded, id -> regranted.add(subject.id(), id), placed);
        }
        for (Grant grant : reasons) {
            workspaces.wanted(grant.workspace(), id -> grants.add(subject.id(), id, grant.source(), grant.reason(), grant.role(), grant.rule()), placed);
        }
    }

    /** Adds everything to a script; people before what names them. Workspaces are found or made at once. */
    void write(Script script, Origin origin, String source, String setHash, boolean publishes) {
        workspaces.resolve(source, origin, setHash, publishes);
        placed.forEach(Runnable::run);
        if (!freed.isEmpty()) {
            script.run("update person set freed = true, changed_at = now() where status = 'archived' and id = any(?::uuid[])", freed);
        }
        created.write(script, "insert into person (id, email, user_name, display_name, org_role, person_key, email_folded, status)"
                + " select t.*, 'active' from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as t");
        changed.write(script, "update person p set email = t.email, email_folded = t.folded, user_name = t.user_name, display_name = t.display_name, org_role = t.org_role, status = t.status, freed = p.freed and t.status = 'archived',"
                + " archived_at = case when t.status = 'archived' then coalesce(p.archived_at, now()) end, version = p.version + 1, changed_at = now()"
                + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as t (id, email, folded, user_name, display_name, org_role, status) where p.id = t.id");
        links.write(script, "insert into link (account_id, person_id, source, linked_by) select t.account, t.person, a.source, t.by from unnest(?::uuid[], ?::uuid[], ?::text[]) as t (account, person, by)"
                + " join account a on a.id = t.account on conflict (account_id) do nothing");
        removed.write(script, "delete from membership m using unnest(?::uuid[], ?::uuid[]) as t (person, workspace) where m.person_id = t.person and m.workspace_id = t.workspace");
        went.write(script, "insert into left_membership (person_id, workspace_id) select distinct * from unnest(?::uuid[], ?::uuid[]) on conflict (person_id, workspace_id)"
                + " do update set at = now(), times = case when left_membership.at > now() - interval '24 hours' then left_membership.times + 1 else 1 end");
        members.write(script, "insert into membership (person_id, workspace_id, role) select * from unnest(?::uuid[], ?::uuid[], ?::text[])"
                + " on conflict (person_id, workspace_id) do update set role = excluded.role");
        regranted.write(script, "delete from grants g using unnest(?::uuid[], ?::uuid[]) as t (person, workspace) where g.person_id = t.person and g.workspace_id = t.workspace");
        grants.write(script, "insert into grants (person_id, workspace_id, source, reason, role, rule) select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])");
        if (!leavers.isEmpty()) { // what was given by hand ends with him
            script.run("delete from manual_grant where person_id = any(?::uuid[])", leavers);
            script.run("delete from manual_role where person_id = any(?::uuid[])", leavers);
        }
        if (!letGo.isEmpty()) {
            script.run("update account set admitted = false where id = any(?::uuid[]) and standing = 'OUT_OF_SCOPE'", letGo);
        }
        audit.write(script, "insert into audit (actor, via, source, origin, person_id, set_hash, changes, grants, lost) select t.actor, t.via, ?, t.origin, t.person, ?, string_to_array(t.changes, chr(31)), string_to_array(nullif(t.grants, ''), chr(31)), string_to_array(nullif(t.lost, ''), chr(31))"
                        + " from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as t (person, changes, actor, via, origin, grants, lost)",
                source, setHash);
        if (publishes && !touched.isEmpty()) {
            Outbox.wants(script, "person", touched, leavers);
        }
    }

    /** Whoever waits for an address that is free now is looked at again. After the letters of this chunk, and after what was due in it. */
    void wake(Script script) {
        authority.wake(script);
        if (!left.isEmpty()) {
            script.run("""
                    insert into due (account_id, source, cause) select a.id, a.source, ? from dead_letter d join account a on a.source = d.source and (a.external_id = d.key or a.id::text = d.key or a.id = d.record_id)
                    where d.status in ('open', 'retrying') and d.resource = 'user' and d.cause = ? and a.gone_at is null and lower(a.email) = any(?::text[]) order by a.id
                    on conflict (account_id) do nothing""", "address", Cause.AMBIGUOUS.toString(), left);
        }
    }
}
