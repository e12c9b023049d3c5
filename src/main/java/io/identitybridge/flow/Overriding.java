package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.Overrides;
import io.identitybridge.store.Overrides.Override;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The overrides in force as this bridge knows them, a few seconds old at most: no change of an account asks the store for them. */
@Component
class Overriding {
    /** Nobody's. */
    static final Overriding NONE = new Overriding(List::of);

    private final Supplier<Collection<Override>> store;
    private volatile Map<UUID, Map<String, Override>> known = Map.of();
    /** By what each account was last looked at: nothing yet, for a bridge that began or ended one may have died before it came to its account. */
    private final Map<UUID, Map<String, Override>> looked = new HashMap<>();

    @Autowired
    Overriding(Overrides store) {
        this(store::active);
        refresh();
    }

    private Overriding(Supplier<Collection<Override>> store) {
        this.store = store;
    }

    /** By field, of this account. */
    Map<String, Override> of(UUID account) {
        return known.getOrDefault(account, Map.of());
    }

    /** Reads them again; gives the accounts of which something else is in force than they were last looked at by. */
    synchronized Map<SourceName, Set<UUID>> refresh() {
        Map<UUID, Map<String, Override>> now = new HashMap<>();
        store.get().forEach(override -> now.computeIfAbsent(override.account(), account -> new TreeMap<>()).put(override.field(), override));
        Map<SourceName, Set<UUID>> changed = new HashMap<>();
        difference(now, looked, changed);
        difference(looked, now, changed);
        known = now;
        return changed;
    }

    /** What is in force of each, as it is known now. */
    Map<UUID, Map<String, Override>> inForce() {
        return known;
    }

    /** These accounts were looked at by what was in force then. */
    synchronized void looked(Collection<UUID> accounts, Map<UUID, Map<String, Override>> by) {
        accounts.forEach(account -> {
            if (by.containsKey(account)) {
                looked.put(account, by.get(account));
            } else {
                looked.remove(account);
            }
        });
    }

    private static void difference(Map<UUID, Map<String, Override>> these, Map<UUID, Map<String, Override>> others, Map<SourceName, Set<UUID>> changed) {
        these.forEach((account, fields) -> {
            if (!fields.equals(others.get(account))) {
                fields.values().forEach(override -> changed.computeIfAbsent(override.source(), source -> new HashSet<>()).add(account));
            }
        });
    }
}
