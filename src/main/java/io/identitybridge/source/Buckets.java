package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Resource;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The rate buckets of one source: IdPs count each kind of address by itself (Okta: {@code /users}, {@code /groups}, {@code /groups/{id}}, {@code /apps} have each a limit of their own),
 * so there is one for each path of the source file. Where an IdP has only one, each of them sees it in the answers all the same.
 */
final class Buckets {
    private static final Pattern FILLED = Pattern.compile("\\$\\{[^}]*}");

    private final List<Kind> kinds = new ArrayList<>();
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final Supplier<Bucket> empty;

    /** {@code base} is the path of the source's url, before all others. */
    Buckets(SourceFile file, String base, Supplier<Bucket> empty) {
        this.empty = empty;
        paths(file).forEach(path -> kinds.add(new Kind(path, addresses(base, path))));
    }

    /** One kind of address: a path of the source file, and how all of it look. */
    private record Kind(String path, Pattern addresses) {
    }

    Bucket of(URI url) {
        String path = url.getRawPath();
        String kind = kinds.stream().filter(k -> k.addresses().matcher(path).matches()).map(Kind::path).findFirst().orElse("");
        return buckets.computeIfAbsent(kind, k -> empty.get());
    }

    /** What is left by kind of address, as far as answers said it. */
    Map<String, RateLeft> left() {
        Map<String, RateLeft> left = new TreeMap<>();
        buckets.forEach((kind, bucket) -> bucket.left().ifPresent(now -> left.put(kind, now)));
        return left;
    }

    private static Set<String> paths(SourceFile file) {
        Set<String> paths = new LinkedHashSet<>();
        for (Resource resource : file.read().values()) {
            paths.add(resource.path());
            resource.byId().ifPresent(byId -> paths.add(byId.path()));
            resource.count().ifPresent(count -> paths.add(count.path()));
            resource.children().ifPresent(paths::add);
        }
        return paths;
    }

    private static Pattern addresses(String base, String path) {
        StringBuilder regex = new StringBuilder(Pattern.quote(base));
        String[] fixed = FILLED.split(path.replaceFirst("\\?.*", ""), -1);
        for (int i = 0; i < fixed.length; i++) {
            regex.append(i > 0 ? "[^/]+" : "").append(Pattern.quote(fixed[i]));
        }
        return Pattern.compile(regex.toString());
    }
}
