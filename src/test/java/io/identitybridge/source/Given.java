package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.Budget;
import io.identitybridge.files.SourceFile.ById;
import io.identitybridge.files.SourceFile.Changed;
import io.identitybridge.files.SourceFile.Count;
import io.identitybridge.files.SourceFile.Expired;
import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Retry;
import io.identitybridge.files.SourceFile.Setting;
import io.identitybridge.files.SourceFile.Size;
import io.identitybridge.files.Where;
import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.LinkedHashMap;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Source files for tests, written in Java. */
final class Given {
    static final Where AT = new Where("routes/test.source.yaml", 1, 1);
    static final Retry SIX = new Retry(Set.of(429, 500, 502, 503, 504), Optional.of("X-Rate-Limit-Reset"), Optional.of("Retry-After"), 6);

    Auth auth = new Auth.None();
    Optional<Page> page = Optional.empty();
    Retry retry = SIX;
    Optional<Budget> budget = Optional.empty();
    boolean complete = true;
    Map<String, Long> atLeast = Map.of();
    Optional<Expired> expired = Optional.empty();
    java.util.List<SourceFile.Test> tests = java.util.List.of();
    final Map<String, Resource> read = new LinkedHashMap<>();

    static Page paged(Paging paging) {
        return new Page(paging, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Page paged(Paging paging, String items, String total, String size, int value) {
        return new Page(paging, some(items), some(total), some(size).map(s -> new Size(s, value)));
    }

    private static Optional<String> some(String text) {
        return Optional.of(text).filter(t -> !t.equals("-"));
    }

    Given by(Paging paging) {
        page = Optional.of(paged(paging));
        return this;
    }

    Given by(Page pages) {
        page = Optional.of(pages);
        return this;
    }

    Given read(List list) {
        read.put(list.name, list.resource());
        return this;
    }

    Given read(String... names) {
        for (String name : names) {
            read(new List(name, "/" + name));
        }
        return this;
    }

    SourceFile file() {
        Map<String, Setting> settings = new LinkedHashMap<>();
        settings.put("url", new Setting("url", Optional.of("URL"), Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty(), AT));
        settings.put("token", new Setting("token", Optional.of("TOKEN"), Optional.empty(), Optional.empty(), Optional.empty(), true, Optional.empty(), AT));
        return new SourceFile(new SourceName("test"), settings, "${url}", auth, page, retry, budget, read, complete, atLeast, expired,
            Duration.ZERO, tests, "hash", Optional.empty(), AT);
    }

    /** One list of the file. */
    static final class List {
        final String name;
        final String path;
        Map<String, String> query = new LinkedHashMap<>();
        Optional<Page> page = Optional.empty();
        Optional<String> when = Optional.empty();
        String id = "/id";
        boolean repeated;
        Optional<String> forEach = Optional.empty();
        Optional<String> members = Optional.empty();
        Optional<String> member = Optional.empty();
        Map<String, String> keep = Map.of();
        SourceFile.Nested nested = SourceFile.Nested.NONE;
        Optional<String> cursor = Optional.empty();
        Optional<String> removed = Optional.empty();
        Optional<ById> byId = Optional.empty();
        Optional<Count> count = Optional.empty();
        Optional<String> children = Optional.empty();
        Optional<Changed> changed = Optional.empty();
        Optional<SourceFile.Expand> expand = Optional.empty();
        SourceFile.Join join = SourceFile.Join.PLAIN;

        List(String name, String path) {
            this.name = name;
            this.path = path;
        }

        Resource resource() {
            return new Resource(name, path, query, page, when, Optional.of(id), repeated, forEach, members, member, keep, nested, cursor, removed, byId,
                count, children, join, expand, changed, Optional.empty(), AT);
        }
    }

    static List list(String name, String path, java.util.function.Consumer<List> more) {
        List list = new List(name, path);
        more.accept(list);
        return list;
    }
}
