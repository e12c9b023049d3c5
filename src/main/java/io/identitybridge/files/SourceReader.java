package io.identitybridge.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Test;
import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the source of a {@code routes/<source>.source.yaml} without faults. */
final class SourceReader {
    private static final Set<Integer> RETRIED = Set.of(429, 500, 502, 503, 504);
    private static final int ATTEMPTS = 5;
    private static final Duration LAG = Duration.ofMinutes(2);
    private static final ObjectMapper SORTED = new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private SourceReader() {
    }

    static SourceFile read(Tree tree) {
        Read read = new Read(tree);
        Optional<SourceFile.Page> page = tree.get("page").map(PageReader::page);
        Map<String, SourceFile.Setting> settings = new LinkedHashMap<>();
        read.map("settings", Read::new).forEach((name, setting) -> settings.put(name, setting(name, setting)));
        Map<String, Resource> resources = new LinkedHashMap<>();
        read.map("read", Read::new).forEach((name, list) -> resources.put(name, ResourceReader.resource(name, list, page)));
        Map<String, Long> atLeast = read.map("at-least", value -> (Long) value.plain());
        return new SourceFile(new SourceName(read.text("source")), settings, read.text("url"), AuthReader.auth(tree), page, retry(read.in("retry")),
                tree.get("budget").map(SourceReader::budget), resources, read.flag("complete", false), atLeast,
                tree.get("cursor-expired").map(SourceReader::expired), read.duration("lag").orElse(LAG),
                read.each("tests").stream().map(SourceReader::test).toList(), readHash(tree), tree.at());
    }

    private static SourceFile.Setting setting(String name, Read read) {
        return new SourceFile.Setting(name, read.maybe("env"), read.maybe("property"), read.maybe("file"),
                read.flag("secret", false), read.maybe("default"), read.at());
    }

    private static SourceFile.Retry retry(Read retry) {
        return new SourceFile.Retry(retry.statuses("statuses", RETRIED), Set.copyOf(retry.texts("codes").orElse(List.of())), retry.maybe("wait-until"), retry.maybe("wait-for"), retry.number("attempts").orElse(ATTEMPTS));
    }

    private static SourceFile.Budget budget(Tree tree) {
        Read budget = new Read(tree);
        return new SourceFile.Budget(Quantity.share(budget.text("share")), budget.text("limit"), budget.text("left"));
    }

    private static SourceFile.Expired expired(Tree tree) {
        Read expired = new Read(tree);
        return new SourceFile.Expired(expired.statuses("statuses", Set.of()), expired.texts("codes").orElse(List.of()));
    }

    private static Test test(Read test) {
        return new Test(test.text("name"), test.text("resource"), test.number("size"), test.each("pages").stream().map(SourceReader::page).toList(),
                test.texts("records"), test.texts("removed"), test.maybe("cursor"), test.maybe("refused"), test.at());
    }

    private static SourceFile.RecordedPage page(Read page) {
        return new SourceFile.RecordedPage(page.number("status").orElse(200), page.textMap("headers"), page.tree().get("body").map(Tree::plain).orElse(null));
    }

    /** A cursor is good only for the reading that gave it: the hash of all that says what is read, whatever its order or comments. */
    private static String readHash(Tree tree) {
        Map<String, Object> sections = new LinkedHashMap<>();
        for (String key : List.of("url", "auth", "page", "read")) {
            sections.put(key, tree.get(key).map(Tree::plain).orElse(""));
        }
        try {
            return Hash.of(SORTED.writeValueAsString(sections));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values that are no JSON", e);
        }
    }
}
