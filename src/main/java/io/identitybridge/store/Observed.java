package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes what is known of Portkey, in a constant number of statements. A fact that was asked for before what stands there is older, and changes nothing. */
final class Observed {
    private final Sql sql;

    Observed(Sql sql) {
        this.sql = sql;
    }

    /** @param askedAt when Portkey was asked or told, by the database's time; empty for what is only about to be told, which overrides no fact */
    void record(List<Effect> effects, Optional<Instant> askedAt) {
        Columns people = new Columns(14);
        Columns gone = new Columns(2);
        Columns rows = new Columns(5);
        Columns left = new Columns(2);
        Columns places = new Columns(8);
        Columns groups = new Columns(5);
        Columns findings = new Columns(4);
        Columns unmade = new Columns(2);
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.PersonIs is -> people.add(is.email(), Folded.of(is.email()), is.userId(), is.invite().map(Seen.Invite::id), is.invite().map(Seen.Invite::status), carries(is), is.name(),
                        is.role().toString(), is.active(), is.owner(), is.member(), askedAt.isPresent(), askedAt.map(Instant::toString), is.userName());
                case Effect.PersonGone is -> gone.add(Folded.of(is.email()), is.userId());
                case Effect.Unmade none -> unmade.add(Folded.of(none.email()), none.place());
                case Effect.RowIs is -> rows.add(Folded.of(is.email()), is.place(), is.role(), is.owner(), askedAt.map(Instant::toString));
                case Effect.RowGone is -> left.add(Folded.of(is.email()), is.place());
                case Effect.PlaceIs is -> places.add(is.uuid(), is.slug(), is.name(), Folded.of(is.name()), is.shared(), is.active(), is.owner(), is.ours());
                case Effect.GroupIs is -> groups.add(is.id(), is.name(), is.place(), is.role(), is.owner());
                case Effect.Found found -> findings.add(found.finding().kind(), found.finding().subject(), found.finding().sentence(), found.finding().todo());
            }
        }
        places(places, askedAt);
        people(people);
        unmade.write(sql, "delete from target_person p using unnest(?::text[], ?::bigint[]) as t (folded, place) where t.place is null and p.email_folded = t.folded and p.user_id is null and p.invite_id is null and not p.invite_held");
        gone.write(sql, TargetLeft.LEFT.formatted("unnest(?::text[], ?::text[]) as t (folded, found) join target_person p on p.email_folded = t.folded", "p.user_id, t.found", "true"));
        gone.write(sql, "with asked as (select ?::timestamptz as at), gone as (delete from target_person p using unnest(?::text[], ?::text[]) as t (folded, found) where p.email_folded = t.folded returning p.email_folded, p.owner, p.person_id)"
                + " insert into target_gone (email_folded, owner, person_id, at) select email_folded, owner, person_id, coalesce((select at from asked), now()) from gone"
                + " on conflict (email_folded, workspace) do update set owner = excluded.owner, person_id = excluded.person_id, at = excluded.at", askedAt.map(Instant::toString).orElse(null));
        rows(rows, askedAt.isPresent());
        unmade.write(sql, "delete from target_member m using unnest(?::text[], ?::bigint[]) as t (folded, place), target_person p where p.email_folded = t.folded and m.person = p.id and m.workspace = t.place and m.role is null");
        left.write(sql, TargetLeft.HAD.formatted("join unnest(?::text[], ?::bigint[]) as t (folded, place) on p.email_folded = t.folded and m.workspace = t.place", "true"));
        left.write(sql, "with asked as (select ?::timestamptz as at), gone as (delete from target_member m using unnest(?::text[], ?::bigint[]) as t (folded, place), target_person p where p.email_folded = t.folded and m.person = p.id and m.workspace = t.place"
                + " returning p.email_folded, m.workspace, m.owner) insert into target_gone (email_folded, workspace, owner, at) select email_folded, workspace, owner, coalesce((select at from asked), now()) from gone"
                + " on conflict (email_folded, workspace) do update set owner = excluded.owner, at = excluded.at", askedAt.map(Instant::toString).orElse(null));
        groups(groups, askedAt);
        findings.write(sql, "insert into target_finding (kind, subject, sentence, todo) select distinct on (t.kind, t.subject) t.kind, t.subject, t.sentence, t.todo from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as t (kind, subject, sentence, todo)"
                + " order by t.kind, t.subject on conflict (kind, subject) where closed_at is null do update set sentence = excluded.sentence, todo = excluded.todo, last_at = now()");
    }

    private void people(Columns people) {
        String given = "unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::uuid[], ?::boolean[], ?::timestamptz[], ?::text[])"
                + " as t (email, folded, user_id, invite, status, carries, name, role, active, owner, member, known, at, user_name)";
        // A user whose address is another now stays who he is. Who had that address before goes by his id until a reading says what became of him; what was only invited under it is no more.
        String taken = "t.known and p.user_id = t.user_id and p.email_folded <> t.folded and o.email_folded = t.folded and o.asked_at <= t.at";
        people.write(sql, TargetLeft.NAMELESS.formatted("from " + given + ", target_person p where " + taken));
        people.write(sql, "delete from target_person o using " + given + ", target_person p where " + taken);
        people.write(sql, "update target_person p set email = t.email, email_folded = t.folded from " + given + " where t.known and p.user_id = t.user_id and p.email_folded <> t.folded and p.asked_at <= t.at");
        // Who was only invited, and goes by another address now: that of before was cancelled.
        people.write(sql, "delete from target_person p using " + given + " where p.person_id = t.member and p.email_folded <> t.folded and p.user_id is null and p.asked_at <= coalesce(t.at, now())");
        // Another user of one address, or only an invite: who was there before is there no more.
        people.write(sql, TargetLeft.LEFT.formatted(given + " join target_person p on p.email_folded = t.folded", "p.user_id", "t.known and p.user_id is distinct from t.user_id and p.asked_at <= t.at"));
        people.write(sql, """
                insert into target_person (email, email_folded, user_id, invite_id, invite_status, invite_carries, name, org_role, active, owner, person_id, asked_at, user_name)
                select t.email, t.folded, t.user_id, t.invite, t.status, coalesce(string_to_array(t.carries, chr(31)), '{}'), t.name, t.role, t.active, t.owner, t.member, coalesce(t.at, now()), t.user_name
                from %s order by t.folded
                on conflict (email_folded) do update set email = excluded.email, user_id = excluded.user_id, invite_id = excluded.invite_id, invite_status = excluded.invite_status, invite_carries = excluded.invite_carries,
                  name = excluded.name, org_role = excluded.org_role, active = excluded.active, owner = excluded.owner, person_id = excluded.person_id, asked_at = excluded.asked_at, absent_at = null,
                  user_name = coalesce(excluded.user_name, target_person.user_name)
                where excluded.asked_at >= target_person.asked_at""".formatted(given));
    }

    /** @param known whether these are facts: what is only about to be told leaves a role that is known. */
    private void rows(Columns rows, boolean known) {
        String role = known ? "excluded.role" : "coalesce(excluded.role, target_member.role)";
        rows.write(sql, "insert into target_member (person, workspace, role, owner, asked_at) select p.id, t.place, t.role, t.owner, coalesce(t.at, now()) from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[]) as t (folded, place, role, owner, at)"
                + " join target_person p on p.email_folded = t.folded order by p.id, t.place on conflict (person, workspace) do update set role = " + role + ", owner = excluded.owner, asked_at = excluded.asked_at where excluded.asked_at >= target_member.asked_at");
    }

    /** One name is one group: another id under it means that the one before is gone. What is only found is not taken for less the bridge's than it was. */
    private void groups(Columns groups, Optional<Instant> askedAt) {
        String given = "unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[]) as t (id, name, place, role, owner)";
        groups.write(sql, "update target_group g set absent_at = now() from " + given + " where g.name = t.name and g.group_id <> t.id and g.absent_at is null");
        groups.write(sql, "insert into target_group (group_id, name, workspace, role, owner, asked_at) select distinct on (t.id) t.id, t.name, t.place, t.role, t.owner, coalesce(?::timestamptz, now()) from " + given + " order by t.id"
                + " on conflict (group_id) do update set name = excluded.name, workspace = excluded.workspace, role = excluded.role, owner = case when excluded.owner = 'unmanaged' then target_group.owner else excluded.owner end,"
                + " asked_at = excluded.asked_at, absent_at = null", askedAt.map(Instant::toString).orElse(null));
    }

    private void places(Columns places, Optional<Instant> askedAt) {
        places.write(sql, """
                with t as (select *, coalesce(?::timestamptz, now()) as at from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::boolean[], ?::text[], ?::uuid[])
                  as t (uuid, slug, name, folded, shared, active, owner, ours)),
                known as (update target_workspace w set uuid = coalesce(t.uuid, w.uuid), slug = coalesce(t.slug, w.slug), name = t.name, name_folded = t.folded, shared = t.shared, active = t.active, owner = t.owner,
                  workspace_id = coalesce(t.ours, w.workspace_id), asked_at = t.at, absent_at = null
                  from t where w.uuid = t.uuid or w.workspace_id = t.ours or (t.uuid is null and w.uuid is null and w.name_folded = t.folded) returning t.folded, t.uuid)
                insert into target_workspace (uuid, slug, name, name_folded, shared, active, owner, workspace_id, asked_at)
                select t.uuid, t.slug, t.name, t.folded, t.shared, t.active, t.owner, t.ours, t.at from t
                where not exists (select 1 from known k where k.folded = t.folded and k.uuid is not distinct from t.uuid) on conflict do nothing""", askedAt.map(Instant::toString).orElse(null));
    }

    private static Optional<String> carries(Effect.PersonIs is) {
        return is.invite().filter(invite -> !invite.carries().isEmpty()).map(invite -> Sql.joined(invite.carries().entrySet().stream().flatMap(e -> java.util.stream.Stream.of(e.getKey().toString(), e.getValue().toString())).toList()));
    }

    static Map<Long, Role> carries(List<String> flat) {
        Map<Long, Role> carries = new java.util.LinkedHashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            carries.put(Long.parseLong(flat.get(i)), Role.of(flat.get(i + 1)).orElseThrow());
        }
        return carries;
    }
}
