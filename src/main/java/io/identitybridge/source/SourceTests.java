package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Size;
import io.identitybridge.files.SourceFile.Test;
import io.identitybridge.model.FileFault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs the tests that stand in source files, over their recorded pages: no network, no waiting. One list is read as in a run, without its
 * count and children, which are not recorded. {@code at-least} counts only where the test names no records: a few recorded people are never enough.
 */
public final class SourceTests {
    private static final Clock THEN = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private SourceTests() {
    }

    /** Empty when the test holds; else what is other than it says. */
    public static Optional<String> run(SourceFile file, Test test) {
        Resource resource = file.read().get(test.resource());
        if (resource == null) {
            return Optional.of("the file reads no '" + test.resource() + "'");
        }
        if (file.ldap().isPresent()) {
            return LdapTests.run(file, test);
        }
        RecordedFetch pages = new RecordedFetch(test.pages(), beyond(resource.page().or(file::page)));
        Resource alone = alone(resource, file, test);
        Found found = new Found(test.members().isPresent());
        Optional<String> refused = read(only(file, alone, test), alone, pages, found);
        return difference(test, found, refused, pages);
    }

    /** What is wrong with the LDAP filters of a file, each with the place where it stands. */
    public static List<FileFault> filters(SourceFile file) {
        List<FileFault> faults = new ArrayList<>();
        file.ldap().ifPresent(ldap -> ldap.searches().forEach((name, search) -> LdapTests.filter(file, name).ifPresent(why ->
            faults.add(search.filterAt().fault(why, "write it as RFC 4515 does, for example (&(objectClass=person)(mail=*))")))));
        return faults;
    }

    private static Optional<String> read(SourceFile file, Resource resource, RecordedFetch pages, Found found) {
        try {
            Reader reader = new Reader(file, Placeholders.of(file), pages, time -> { }, THEN);
            if (found.wantsMembers()) {
                reader.read(true, Map.of(), found.inside());
            } else if (resource.forEach().isPresent()) {
                found.members(reader.members(resource).of("group-id"));
            } else {
                found.outcome(reader.lists().read(resource, Optional.empty(), Optional.empty(), found));
            }
            return Optional.empty();
        } catch (SourceUnavailable unavailable) {
            return Optional.of(unavailable.getMessage());
        } catch (BadStatus bad) {
            return Optional.of(bad.fault().getMessage());
        } catch (RecordedFetch.NotRecorded more) {
            return Optional.of(more.getMessage());
        }
    }

    private static Optional<String> difference(Test test, Found found, Optional<String> refused, RecordedFetch pages) {
        if (!test.refused().equals(refused)) {
            return Optional.of(refused.map(why -> "refused: " + why).orElse("not refused, it read " + found.records())
                + test.refused().map(why -> "; expected to be refused: " + why).orElse(""));
        }
        if (refused.isEmpty() && pages.unasked() > 0) {
            return Optional.of("only " + (test.pages().size() - pages.unasked()) + " of " + test.pages().size() + " recorded pages were asked for");
        }
        return unequal("records", test.records(), found.records())
            .or(() -> unequal("removed", test.removed(), found.removed()))
            .or(() -> unequal("cursor", test.cursor(), found.cursor()))
            .or(() -> unequal("members", test.members().map(TreeMap::new), new TreeMap<>(found.inside().members())));
    }

    static <T> Optional<String> unequal(String what, Optional<T> expected, T found) {
        return expected.filter(value -> !value.equals(found)).map(value -> what + ": " + found + "; expected " + value);
    }

    /** Takes what is read, each id once. */
    private static final class Found implements Lists.Taker {
        private final Map<String, Item> items = new LinkedHashMap<>();
        private final boolean wantsMembers;
        private final RecordedMembers inside = new RecordedMembers();
        private String cursor = "";

        Found(boolean wantsMembers) {
            this.wantsMembers = wantsMembers;
        }

        boolean wantsMembers() {
            return wantsMembers;
        }

        RecordedMembers inside() {
            return inside;
        }

        @Override
        public void begin() {
            items.clear();
        }

        @Override
        public void page(PageRead page, List<Item> all) {
            page.items().forEach(item -> items.put(item.id(), item));
        }

        void members(MemberLists.Found members) {
            switch (members) {
                case MemberLists.Found.All all -> all.people().forEach(id -> items.put(id, new Item(id, false, Map.of())));
                case MemberLists.Found.Vanished vanished -> begin();
            }
        }

        void outcome(Lists.Outcome outcome) {
            cursor = outcome.cursor().orElse("");
        }

        List<String> records() {
            return (wantsMembers ? inside.groups() : items.values()).stream().filter(item -> !item.removed()).map(Item::id).toList();
        }

        List<String> removed() {
            return items.values().stream().filter(Item::removed).map(Item::id).toList();
        }

        String cursor() {
            return cursor;
        }
    }

    /** The file with this one list, and nothing that would need calls that are not recorded. */
    private static SourceFile only(SourceFile file, Resource resource, Test test) {
        Map<String, Long> atLeast = test.records().isPresent() ? Map.of() : file.atLeast();
        return new SourceFile(file.name(), file.settings(), file.url(), new Auth.None(), file.page(), file.retry(), Optional.empty(),
            Map.of(resource.name(), resource), file.complete(), atLeast, file.cursorExpired(), file.lag(), file.tests(), file.readHash(), file.ldap(), file.at());
    }

    private static Resource alone(Resource r, SourceFile file, Test test) {
        Optional<Page> page = r.page().or(file::page).map(p -> new Page(p.paging(), p.items(), p.total(),
            p.size().flatMap(s -> test.size().map(n -> new Size(s.query(), n)).or(() -> Optional.of(s))), p.emptyWhen()));
        return new Resource(r.name(), r.path(), r.query(), page, Optional.empty(), r.id(), r.repeated(), r.forEach(), r.members(), r.member(),
            r.memberKeep(), r.nested(), r.cursor(), r.removed(), Optional.empty(), Optional.empty(), Optional.empty(), r.join(), Optional.empty(), Optional.empty(), Optional.empty(), r.at());
    }

    /** What a source that is paged by counting answers after its last page: the same form without elements. */
    private static Optional<Object> beyond(Optional<Page> page) {
        return page.flatMap(p -> switch (p.paging()) {
            case Paging.Offset offset -> Optional.of(empty(p.items().orElse("")));
            case Paging.Number number -> Optional.of(empty(p.items().orElse("")));
            case Paging.ScimIndex scim -> Optional.of(empty(p.items().orElse("/Resources")));
            case Paging.LinkHeader link -> Optional.empty();
            case Paging.NextUrl url -> Optional.empty();
            case Paging.NextToken token -> Optional.empty();
            case Paging.Single single -> Optional.empty();
        });
    }

    private static Object empty(String pointer) {
        Object value = List.of();
        String[] steps = pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/");
        for (int i = steps.length - 1; i >= 0; i--) {
            value = Map.of(steps[i].replace("~1", "/").replace("~0", "~"), value);
        }
        return value;
    }
}
