package io.identitybridge.files;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Resource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads one list under {@code read}. */
final class ResourceReader {
    private static final Page SINGLE = new Page(new Paging.Single(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Set<Integer> GONE = Set.of(404);
    private static final Duration OVERLAP = Duration.ofMinutes(5);

    private ResourceReader() {
    }

    /** @param common the file's paging; a list keeps it unless it has its own, and may say only where its items stand */
    static Resource resource(String name, Read list, Optional<Page> common) {
        Optional<Page> page = list.tree().get("page").map(PageReader::page).or(() -> list.maybe("items").map(items -> common.orElse(SINGLE)));
        return new Resource(name, list.maybe("path").orElse(""), list.textMap("query"), page.map(own -> itemsAt(list, own)),
                list.maybe("when"), list.maybe("id"), list.flag("repeated", false), list.maybe("for-each"), list.maybe("members"), list.maybe("member"),
                list.textMap("member-keep"), new SourceFile.Nested(list.maybe("nested").filter("flatten"::equals).isPresent(), list.textMap("member-group")), list.maybe("cursor"), list.maybe("removed"),
                list.tree().get("by-id").map(Read::new).map(byId -> new SourceFile.ById(byId.text("path"), byId.statuses("gone", GONE))),
                list.tree().get("count").map(Read::new).map(count -> new SourceFile.Count(count.text("path"), count.maybe("at"))),
                list.in("children").maybe("path"), new SourceFile.Join(list.maybe("on"), list.maybe("above"), list.maybe("value")),
                list.tree().get("expand").map(Read::new).map(expand -> new SourceFile.Expand(expand.textMap("where"), expand.text("path"), expand.text("member"), expand.textMap("member-keep"))),
                list.tree().get("changed").map(Read::new).map(ResourceReader::changed), Optional.empty(), list.at());
    }

    private static SourceFile.Changed changed(Read changed) {
        return new SourceFile.Changed(changed.textMap("query"), changed.duration("overlap").orElse(OVERLAP));
    }

    private static Page itemsAt(Read list, Page page) {
        return new Page(page.paging(), list.maybe("items").or(page::items), page.total(), page.size(), list.textMap("empty-when"));
    }
}
