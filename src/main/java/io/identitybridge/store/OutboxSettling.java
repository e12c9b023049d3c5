package io.identitybridge.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Ends turns of outbox keys, in one transaction with what was learnt and with the letters. */
final class OutboxSettling {
    private final Sql sql;
    private final TargetLetters letters;

    OutboxSettling(Sql sql, Seals seals) {
        this.sql = sql;
        this.letters = new TargetLetters(sql, seals);
    }

    void settle(List<Outbox.Turn> turns, Instant askedAt, String setHash) {
        Set<String> held = held(turns);
        List<Outbox.Turn> ours = turns.stream().filter(turn -> held.contains(name(turn.key()))).toList();
        List<Effect> effects = new ArrayList<>();
        ours.forEach(turn -> effects.addAll(turn.effects()));
        new Observed(sql).record(effects, Optional.of(askedAt));
        Columns done = new Columns(3);
        Columns later = new Columns(7);
        List<TargetLetters.Refusal> refused = new ArrayList<>();
        List<OutboxKey> fine = new ArrayList<>();
        for (Outbox.Turn turn : ours) {
            OutboxKey key = turn.key();
            switch (turn.end()) {
                case Outbox.End.Done ended -> {
                    done.add(key.kind(), key.id(), key.generation());
                    fine.add(key);
                }
                case Outbox.End.Waits waits -> later.add(key.kind(), key.id(), key.generation(), "+" + waits.again().toMillis() + " milliseconds", false, false, false);
                case Outbox.End.Back back -> later.add(key.kind(), key.id(), key.generation(), "+0 milliseconds", false, back.doubt(), false);
                case Outbox.End.Failed failed -> {
                    later.add(key.kind(), key.id(), key.generation(), failed.again().map(Instant::toString).orElse("infinity"), failed.letter().isPresent(), failed.doubt(), true);
                    failed.letter().ifPresent(letter -> refused.add(new TargetLetters.Refusal(key, letter.problem(), letter.step(), letter.next(), letter.failure())));
                }
            }
        }
        end(done, later);
        letters.done(fine);
        letters.failed(refused, setHash);
        wake(ours);
        close(fine, effects);
    }

    /** What was found about these keys and is not any more. */
    private void close(List<OutboxKey> done, List<Effect> effects) {
        if (!done.isEmpty()) {
            List<String> still = effects.stream().flatMap(effect -> effect instanceof Effect.Found found ? java.util.stream.Stream.of(found.finding().kind() + " " + found.finding().subject()) : java.util.stream.Stream.empty()).toList();
            sql.run("update target_finding set closed_at = now() where closed_at is null and kind in ('unpublishable', 'unmanaged', 'ambiguous', 'missing') and split_part(subject, ' ', 1) = any(?::text[]) and not kind || ' ' || subject = any(?::text[])", done.stream().map(key -> key.id().toString()).toList(), still);
        }
    }

    /** Those whose lease is still the one of their turn. With whoever is to be woken they are locked in the order of their keys: two bridges, and the pushes between them, never wait for each other. */
    private Set<String> held(List<Outbox.Turn> turns) {
        Columns keys = new Columns(2);
        turns.forEach(turn -> keys.add(turn.key().kind(), turn.key().id()));
        List<UUID> places = places(turns);
        String given = "select kind, key from unnest(?::text[], ?::uuid[]) as g (kind, key)";
        String woken = places.isEmpty() ? "" : "select 'person' as kind, m.person_id as key from membership m where m.workspace_id = any(?::uuid[]) union "; // only then: guessed to be many, they make a plan that reads the whole outbox
        return keys.write(sql, "select o.kind || ' ' || o.key || ' ' || o.leased_by from (" + woken + given + ") t join outbox o on o.kind = t.kind and o.key = t.key order by o.kind, o.key for update of o",
                (rs, n) -> rs.getString(1), places.isEmpty() ? new Object[0] : new Object[] {places}).stream().filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private void end(Columns done, Columns later) {
        int gone = done.write(sql, "delete from outbox o using unnest(?::text[], ?::uuid[], ?::bigint[]) as t (kind, key, generation) where o.kind = t.kind and o.key = t.key and o.generation = t.generation");
        if (gone < done.size()) { // a newer generation came meanwhile
            done.write(sql, "update outbox o set leased_by = null, lease_until = null from unnest(?::text[], ?::uuid[], ?::bigint[]) as t (kind, key, generation) where o.kind = t.kind and o.key = t.key");
        }
        later.write(sql, """
                update outbox o set leased_by = null, lease_until = null, doubt = t.doubt or o.doubt and o.generation <> t.generation,
                  due_at = case when o.generation <> t.generation then now() when t.at like '+%' then now() + substr(t.at, 2)::interval else t.at::timestamptz end,
                  attempts = case when o.generation <> t.generation then 0 when t.failed then o.attempts + 1 else o.attempts end,
                  first_failed_at = case when o.generation <> t.generation then null when t.failed then coalesce(o.first_failed_at, now()) else o.first_failed_at end,
                  blocked = o.generation = t.generation and t.blocked
                from unnest(?::text[], ?::uuid[], ?::bigint[], ?::text[], ?::boolean[], ?::boolean[], ?::boolean[]) as t (kind, key, generation, at, blocked, doubt, failed) where o.kind = t.kind and o.key = t.key""");
    }

    /** Whoever waits for a workspace that is there now is looked at; and again, whose turn is under way and found it missing: hence a new generation. What he is blocked by holds his place there not back. */
    private void wake(List<Outbox.Turn> turns) {
        List<UUID> there = places(turns);
        if (!there.isEmpty()) {
            sql.run("update outbox o set due_at = now(), generation = nextval('outbox_generation'), blocked = false from membership m where m.workspace_id = any(?::uuid[]) and o.kind = 'person' and o.key = m.person_id", there);
        }
    }

    private static List<UUID> places(List<Outbox.Turn> turns) {
        return turns.stream().filter(turn -> turn.key().kind() == OutboxKey.Kind.WORKSPACE && turn.end() instanceof Outbox.End.Done).map(turn -> turn.key().id()).toList();
    }

    private static String name(OutboxKey key) {
        return key.kind() + " " + key.id() + " " + key.lease();
    }
}
