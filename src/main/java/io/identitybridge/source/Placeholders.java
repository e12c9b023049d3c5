package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.RecordedPage;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Setting;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values of the settings for the tests in a file: each its default; the one that {@code url} begins with the origin of the first link
 * recorded in the file's tests ({@code https://idp.example} where none is); every other its own name.
 */
final class Placeholders {
    private static final String NO_LINK = "https://idp.example";

    private Placeholders() {
    }

    static Settings of(SourceFile file) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting setting : file.settings().values()) {
            String other = file.url().startsWith("${" + setting.name() + "}") ? origin(file) : setting.name();
            values.put(setting.name(), setting.fallback().orElse(other));
        }
        return new Settings(values, Set.of());
    }

    private static String origin(SourceFile file) {
        return file.tests().stream().flatMap(test -> test.pages().stream().flatMap(page -> links(file, test, page).stream()))
            .findFirst().orElse(NO_LINK);
    }

    /** The origins of the links of one recorded page that are whole addresses. */
    private static List<String> links(SourceFile file, SourceFile.Test test, RecordedPage page) {
        List<Optional<String>> found = new ArrayList<>();
        page.headers().forEach((name, value) -> found.add("link".equalsIgnoreCase(name) ? Links.next(List.of(value)) : Optional.empty()));
        Optional<Resource> resource = Optional.ofNullable(file.read().get(test.resource()));
        if (resource.flatMap(Resource::page).or(file::page).map(SourceFile.Page::paging).orElse(null) instanceof Paging.NextUrl next) {
            found.add(Json.text(Json.at(page.body(), next.pointer())));
        }
        resource.flatMap(Resource::cursor).ifPresent(pointer -> found.add(Json.text(Json.at(page.body(), pointer))));
        return found.stream().flatMap(Optional::stream).filter(link -> link.matches("https?://[A-Za-z0-9.:-]+([/?].*)?"))
            .map(link -> Addresses.origin(URI.create(link.replaceAll("(?<=[^/:])[/?].*", "")))).toList();
    }
}
