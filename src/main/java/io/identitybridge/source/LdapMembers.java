package io.identitybridge.source;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads all values of one group's member attribute: by range where the server gives so many at a time only, as Active Directory does from 1,500 on (MS-ADTS section 3.1.1.3.1.3.3). */
final class LdapMembers {
    private static final Pattern RANGE = Pattern.compile("range=(\\d{1,9})-(\\d{1,9}|\\*)");

    private final LdapCalls calls;
    private final LdapList groups;
    private final String attribute;
    private final List<Control> controls;
    private final Clock clock;
    private final Limits limits;
    private final Faults faults;

    LdapMembers(LdapCalls calls, LdapList groups, List<Control> controls, Clock clock, Limits limits, Faults faults) {
        this.calls = calls;
        this.groups = groups;
        this.attribute = LdapRecords.name(groups.resource().members().orElseThrow());
        this.controls = controls;
        this.clock = clock;
        this.limits = limits;
        this.faults = faults;
    }

    /** The members' values as the server wrote them, and where the group stands now; empty where the group is gone. */
    record Values(String dn, List<String> values, Instant askedAt) {
    }

    Optional<Values> of(String id, String dn) {
        Instant askedAt = clock.instant();
        Optional<Entry> first = entry(id, dn, attribute);
        String now = first.isPresent() ? dn : whereNow(id).orElse("");
        Optional<Entry> entry = first.isPresent() || now.isEmpty() ? first : entry(id, now, attribute);
        return entry.flatMap(group -> whole(id, now, group)).map(values -> new Values(now, values, askedAt));
    }

    private Optional<List<String>> whole(String id, String dn, Entry first) {
        List<String> values = new ArrayList<>();
        Optional<Entry> entry = Optional.of(first);
        while (true) {
            Part part = part(id, entry.get(), values.size());
            values.addAll(part.values());
            if (values.size() > limits.held()) {
                throw faults.of(label(id) + ": more than " + limits.held() + " members");
            }
            if (part.last()) {
                return Optional.of(values);
            }
            entry = entry(id, dn, attribute + ";range=" + values.size() + "-*");
            if (entry.isEmpty()) {
                return Optional.empty();
            }
        }
    }

    private record Part(List<String> values, boolean last) {
    }

    /** Goes on from the range in the answer, never from the one that was asked for. */
    private Part part(String id, Entry group, int read) {
        for (Attribute values : group.getAttributes()) {
            Optional<Matcher> range = values.getOptions().stream().map(option -> RANGE.matcher(option.toLowerCase(Locale.ROOT))).filter(Matcher::matches).findFirst();
            if (values.getBaseName().equalsIgnoreCase(attribute) && range.isPresent()) {
                boolean last = range.get().group(2).equals("*");
                if (Integer.parseInt(range.get().group(1)) != read || !last && values.size() == 0) {
                    throw faults.of(label(id) + ": members from " + read + " on were asked for, and others came; the server's answer is broken");
                }
                return new Part(LdapRecords.strings(values), last);
            }
        }
        if (read > 0) {
            throw faults.of(label(id) + ": members from " + read + " on were asked for, and none came; is " + attribute + " still to be read by this account?");
        }
        return new Part(Optional.ofNullable(group.getAttribute(attribute)).map(LdapRecords::strings).orElse(List.of()), true);
    }

    private Optional<Entry> entry(String id, String dn, String asked) {
        String base = groups.records().isGuid() && !controls.isEmpty() ? "<GUID=" + id + ">" : dn;
        LdapPages.Query query = new LdapPages.Query(base, SearchScope.BASE, Filter.createPresenceFilter("objectClass"), new String[] {groups.records().id(), asked}, controls);
        return calls.found(label(id), query.request()).flatMap(LdapRoot::only).filter(entry -> groups.records().id(label(id), entry).equals(id));
    }

    /** Renamed or moved since the list was read. */
    private Optional<String> whereNow(String id) {
        LdapPages.Query query = groups.query(Optional.of(groups.records().is(id)), new String[] {groups.records().id()});
        return calls.found(label(id), query.request()).flatMap(LdapRoot::only).map(Entry::getDN);
    }

    private static String label(String id) {
        return "members of group " + Faults.shown(id);
    }
}
