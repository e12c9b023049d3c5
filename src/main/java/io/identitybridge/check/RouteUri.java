package io.identitybridge.check;

import io.identitybridge.files.Tree;
import java.util.Optional;

/** Where a route begins or leads, in each form of the Camel YAML DSL. */
final class RouteUri {
    private RouteUri() {
    }

    /** {@code direct:x}, {@code {uri: direct:x}}, or {@code {uri: direct, parameters: {name: x}}}; the servlet's name is its {@code contextPath}. */
    static Optional<String> of(Tree tree) {
        Optional<String> uri = tree.asText().or(() -> tree.text("uri"));
        return uri.filter(text -> text.contains(":")).or(() -> uri.flatMap(scheme -> tree.get("parameters").flatMap(parameters -> parameters.text("name").or(() -> parameters.text("contextPath"))).map(name -> scheme + ":" + name)));
    }

    /** Without its options, and with one colon. */
    static String plain(String uri) {
        return uri.split("\\?", 2)[0].replace("://", ":");
    }
}
