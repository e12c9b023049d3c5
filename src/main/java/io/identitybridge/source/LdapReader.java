package io.identitybridge.source;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Ldap;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads an LDAP server, OpenLDAP or Active Directory among them. A list begins anew where its connection broke: there is no going on in the middle. */
final class LdapReader implements IdpReader {
    private final SourceFile file;
    private final Map<String, LdapList> lists = new LinkedHashMap<>();
    private final LdapCalls calls;
    private final LdapPages pages;
    private final Clock clock;
    private final Limits limits;
    private final Faults faults;

    LdapReader(SourceFile file, Ldap ldap, Settings settings, Pause pause, Clock clock) {
        this(file, ldap, settings, LdapConnection.door(file.url(), ldap, settings, new Faults(file.name(), settings)), pause, clock, Limits.USUAL);
    }

    LdapReader(SourceFile file, Ldap ldap, Settings settings, LdapServer.Door door, Pause pause, Clock clock, Limits limits) {
        this.file = file;
        this.clock = clock;
        this.limits = limits;
        this.faults = new Faults(file.name(), settings);
        this.calls = new LdapCalls(door, file.retry(), new Waits(file.retry(), limits.longestWait(), clock), pause, faults);
        this.pages = new LdapPages(calls, ldap.pageSize(), clock, limits, faults);
        ldap.searches().forEach((name, search) -> lists.put(name, LdapList.of(file.read().get(name), search, settings, faults)));
    }

    @Override
    public Reading read(boolean full, Map<String, String> cursors, Sink sink) {
        LdapRoot root = LdapRoot.of(calls);
        Map<String, LdapCursor> from = new HashMap<>();
        lists.forEach((name, list) -> list.resource().cursor().flatMap(cursor -> Optional.ofNullable(cursors.get(name))).flatMap(kept -> LdapCursor.of(kept, file.lag())).ifPresent(cursor -> from.put(name, cursor)));
        boolean good = from.values().stream().allMatch(cursor -> cursor.fits(root));
        boolean all = full || !good || !lists.values().stream().filter(list -> list.resource().cursor().isPresent()).allMatch(list -> from.containsKey(list.name()));
        List<String> notes = full || good ? List.of() : List.of("another domain controller answers than the last time, or it was restored, so everything was read");
        return new LdapRun(file, lists, calls, pages, root, all ? Map.of() : Map.copyOf(from), notes, clock, sink, limits, faults).read();
    }

    /**
     * That an entry is not found proves nothing: a server answers so as well of what this account may not see (RFC 4511 section 4.1.9, noSuchObject; RFC 4513 section 6.3.1).
     * Only where the file says what marks a deleted entry, a tombstone, or an entry that is there and no longer on the list, says that somebody is gone.
     */
    @Override
    public PointRead pointRead(String id) {
        LdapList users = lists.get(Reader.USERS);
        String what = Reader.USERS + ": " + Faults.shown(id);
        LdapPages.Query query = users.query(Optional.of(users.records().is(id)), users.records().asked());
        Optional<Entry> found = LdapRoot.only(calls.ask(what, query.request()));
        if (found.isPresent()) {
            return new PointRead.Found(users.records().item(what, found.get()).record());
        }
        pages.mayRead(Reader.USERS, query);
        if (users.resource().removed().isEmpty()) {
            return new PointRead.Unknown();
        }
        LdapPages.Query anywhere = new LdapPages.Query("<GUID=" + id + ">", SearchScope.BASE, Filter.createPresenceFilter("objectClass"), users.records().asked(), List.of(LdapRoot.SHOW_DELETED));
        return calls.found(what, anywhere.request()).flatMap(LdapRoot::only).isPresent() ? new PointRead.Gone() : new PointRead.Unknown();
    }

    @Override
    public void close() {
        calls.close();
    }
}
