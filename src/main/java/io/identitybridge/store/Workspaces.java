package io.identitybridge.store;

import io.identitybridge.model.Change;
import io.identitybridge.model.Folded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Finds or makes the workspaces that a chunk names, in the order of their folded names. */
final class Workspaces {
    private final Sql sql;
    private final boolean several;
    private final Map<String, String> wanted = new TreeMap<>();
    private final Map<String, String> held = new TreeMap<>();
    private final Map<String, UUID> ids = new HashMap<>();

    /** @param several for several pushes: a missing workspace is made for one alone, since the audit says whose it is */
    Workspaces(Sql sql, boolean several) {
        this.sql = sql;
        this.several = several;
    }

    /** Somebody comes to this workspace: it is made if missing. The action runs once its id is known. */
    void wanted(String name, Consumer<UUID> action, List<Runnable> later) {
        String folded = Folded.of(name);
        wanted.putIfAbsent(folded, name);
        later.add(() -> action.accept(ids.get(folded)));
    }

    /** Something is taken from this workspace: nothing happens where it is gone. */
    void held(String name, Consumer<UUID> action, List<Runnable> later) {
        String folded = Folded.of(name);
        held.putIfAbsent(folded, name);
        later.add(() -> {
            if (ids.containsKey(folded)) {
                action.accept(ids.get(folded));
            }
        });
    }

    /** Makes what is missing; gives the sentences of what was made. {@code publishes}: there is a live Portkey behind the store. */
    List<String> resolve(String source, Origin origin, String setHash, boolean publishes) {
        List<String> folded = new ArrayList<>(wanted.keySet());
        held.keySet().stream().filter(name -> !wanted.containsKey(name)).forEach(folded::add);
        if (folded.isEmpty()) {
            return List.of();
        }
        find(folded);
        List<String> missing = wanted.keySet().stream().filter(name -> !ids.containsKey(name)).toList();
        if (several && !missing.isEmpty()) {
            throw new Together.Alone();
        }
        if (missing.isEmpty()) {
            return List.of();
        }
        List<String> made = make(missing, source, origin, setHash);
        if (publishes) {
            Outbox.wants(sql, "workspace", missing.stream().map(ids::get).toList(), List.of());
        }
        return made;
    }

    private List<String> make(List<String> missing, String source, Origin origin, String setHash) {
        Columns rows = new Columns(3);
        missing.forEach(folded -> rows.add(Ids.next(), wanted.get(folded), folded));
        rows.write(sql, "insert into workspace (id, name, name_folded, source) select t.id, t.name, t.folded, ? from unnest(?::uuid[], ?::text[], ?::text[]) as t (id, name, folded)"
                + " order by t.folded on conflict (name_folded) where status = 'active' do nothing", source);
        find(missing);
        List<String> sentences = missing.stream().map(folded -> new Change.CreateWorkspace(wanted.get(folded)).sentence()).toList();
        Columns audit = new Columns(2);
        missing.forEach(folded -> audit.add(ids.get(folded), new Change.CreateWorkspace(wanted.get(folded)).sentence()));
        audit.write(sql, "insert into audit (actor, via, source, origin, workspace_id, set_hash, changes) select ?, ?, ?, ?, t.id, ?, array[t.change] from unnest(?::uuid[], ?::text[]) as t (id, change)",
                origin.actor(), origin.via(), source, origin.origin(), setHash);
        return sentences;
    }

    private void find(Collection<String> folded) {
        // locked as a membership would lock it: who is archived meanwhile is not found, and made anew
        sql.rows("select name_folded, id from workspace where status = 'active' and name_folded = any(?::text[]) order by name_folded for key share", (rs, n) -> ids.put(rs.getString(1), rs.getObject(2, UUID.class)), folded);
    }
}
