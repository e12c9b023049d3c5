package io.identitybridge.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which of the accounts that are converged are marked as due. Where the deeds follow in the transaction that changes the facts, a mark would be written
 * and deleted again, for nobody to see. So nobody is marked who is somebody: all that is known of him is read under his lock, which everybody takes who
 * converges him or makes the account another's. Who is nobody yet has no such lock, and is marked, so that two do not make two people of him. Whom
 * this transaction has brought nobody else can know of. A mark that is there already is taken first, and goes with the deeds; one that comes later stays.
 */
final class Marks {
    private final Sql sql;
    private final Map<UUID, Trigger> triggers;
    private final Map<UUID, AccountRow> fresh;
    private final Set<UUID> held = new HashSet<>();

    private Marks(Sql sql, Map<UUID, Trigger> triggers, Map<UUID, AccountRow> fresh) {
        this.sql = sql;
        this.triggers = triggers;
        this.fresh = fresh;
    }

    /** All of them are marked, and their marks are this transaction's, as far as it wants to delete any. */
    static Marks held(Sql sql, Collection<UUID> accounts) {
        Marks marks = new Marks(sql, Map.of(), Map.of());
        marks.held.addAll(accounts);
        return marks;
    }

    /**
     * None is marked by this transaction so far.
     *
     * @param triggers why each account is looked at
     * @param fresh    those that this transaction has brought and that are in no group
     */
    static Marks none(Sql sql, Map<UUID, Trigger> triggers, Map<UUID, AccountRow> fresh) {
        return new Marks(sql, triggers, fresh);
    }

    Optional<AccountRow> fresh(UUID account) {
        return Optional.ofNullable(fresh.get(account));
    }

    /** In a script: takes those that are there. */
    void take(Script script, Collection<UUID> accounts) {
        List<UUID> open = accounts.stream().filter(id -> triggers.containsKey(id) && !fresh.containsKey(id)).toList();
        if (open.isEmpty()) {
            return;
        }
        script.rows("select account_id from due where account_id = any(?::uuid[]) order by account_id for update", (rs, n) -> held.add(rs.getObject(1, UUID.class)), open);
    }

    /** Whether the IdP itself has ended this account: whatever its mark says, or one that comes while he is looked at, nothing of it waits. */
    boolean ends(UUID account) {
        return triggers.containsKey(account) && triggers.get(account).ends();
    }

    /** Marks those who are nobody, as far as they are not marked yet; says whether there was any. */
    boolean mark(Collection<UUID> nobody) {
        List<UUID> open = new ArrayList<>(nobody);
        open.removeIf(id -> held.contains(id) || !triggers.containsKey(id));
        if (!open.isEmpty()) {
            new Facts(sql).due(open, triggers::get);
            held.addAll(open);
        }
        return !open.isEmpty();
    }

    /** In a script: the deeds are done. */
    void end(Script script) {
        if (!held.isEmpty()) {
            script.run("delete from due where account_id = any(?::uuid[])", held);
        }
    }
}
