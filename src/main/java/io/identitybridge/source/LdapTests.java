package io.identitybridge.source;

import com.unboundid.ldap.sdk.SearchResultEntry;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Test;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs the tests of a source file that is read by LDAP, over their recorded pages; members are named as the entries name them. */
final class LdapTests {
    /** After whatever was recorded: a cursor is never later than the reading. */
    private static final Clock THEN = Clock.fixed(Instant.parse("9999-01-01T00:00:00Z"), ZoneOffset.UTC);

    private LdapTests() {
    }

    static Optional<String> run(SourceFile file, Test test) {
        Settings settings = Placeholders.of(file);
        Faults faults = new Faults(file.name(), settings);
        RecordedLdap server = new RecordedLdap(test.pages());
        LdapCalls calls = new LdapCalls(() -> server, file.retry(), new Waits(file.retry(), Limits.USUAL.longestWait(), THEN), time -> { }, faults);
        Found found = new Found();
        Optional<String> refused = Optional.empty();
        try {
            LdapList list = LdapList.of(file.read().get(test.resource()), file.ldap().orElseThrow().searches().get(test.resource()), settings, faults);
            LdapRoot root = new LdapRoot(Set.of(), Optional.empty(), Optional.of("recorded"), 0);
            LdapPages pages = new LdapPages(calls, 1, THEN, Limits.USUAL, faults);
            LdapListing.Outcome outcome = new LdapListing(list, Optional.empty(), pages, calls, root, file.lag(), faults).read(found);
            found.cursor = outcome.cursor().map(LdapCursor::text).orElse("");
            Optional.ofNullable(file.atLeast().get(test.resource())).filter(least -> test.records().isEmpty() && outcome.unique() < least).ifPresent(least -> {
                throw faults.of(test.resource() + ": " + outcome.unique() + " read, at least " + least + " expected");
            });
            if (test.members().isPresent() && list.resource().members().isPresent()) {
                LdapMembers members = new LdapMembers(calls, list, List.of(), THEN, Limits.USUAL, faults);
                found.dns.forEach((id, dn) -> members.of(id, dn).ifPresent(values -> found.members.put(id, values.values())));
            }
        } catch (SourceUnavailable unavailable) {
            refused = Optional.of(unavailable.getMessage());
        } catch (IllegalArgumentException unreadable) {
            return Optional.of(unreadable.getMessage());
        }
        return difference(test, found, refused, server);
    }

    /** Whether the filters can be read at all, with each setting's name in place of a value where it has no default. */
    static Optional<String> filter(SourceFile file, String list) {
        Settings settings = Placeholders.of(file);
        try {
            LdapList.of(file.read().get(list), file.ldap().orElseThrow().searches().get(list), settings, new Faults(file.name(), settings));
            return Optional.empty();
        } catch (SourceUnavailable unreadable) {
            return Optional.of(unreadable.getMessage());
        }
    }

    private static Optional<String> difference(Test test, Found found, Optional<String> refused, RecordedLdap server) {
        if (!test.refused().equals(refused)) {
            return Optional.of(refused.map(why -> "refused: " + why).orElse("not refused, it read " + found.records()) + test.refused().map(why -> "; expected to be refused: " + why).orElse(""));
        }
        if (refused.isEmpty() && server.unasked() > 0) {
            return Optional.of("only " + (test.pages().size() - server.unasked()) + " of " + test.pages().size() + " recorded pages were asked for");
        }
        return SourceTests.unequal("records", test.records(), found.records()).or(() -> SourceTests.unequal("removed", test.removed(), found.removed()))
            .or(() -> SourceTests.unequal("cursor", test.cursor(), found.cursor)).or(() -> SourceTests.unequal("members", test.members(), found.members));
    }

    /** Takes what is read. */
    private static final class Found implements LdapListing.Taker {
        private final Map<String, Item> items = new LinkedHashMap<>();
        private final Map<String, String> dns = new LinkedHashMap<>();
        private final Map<String, List<String>> members = new LinkedHashMap<>();
        private String cursor = "";

        @Override
        public void begin() {
            items.clear();
        }

        @Override
        public void page(PageRead page, List<SearchResultEntry> entries) {
            page.items().forEach(item -> items.put(item.id(), item));
            page.items().forEach(item -> dns.put(item.id(), String.valueOf(item.record().get("dn"))));
        }

        List<String> records() {
            return items.values().stream().filter(item -> !item.removed()).map(Item::id).toList();
        }

        List<String> removed() {
            return items.values().stream().filter(Item::removed).map(Item::id).toList();
        }
    }
}
