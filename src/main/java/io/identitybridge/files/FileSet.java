package io.identitybridge.files;

import io.identitybridge.model.Causes;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import java.util.Map;
import java.util.Optional;

/**
 * One whole set of files, parsed and consistent.
 *
 * @param hash  SHA-256, as hex, over names and contents
 * @param texts every file's text by its name ({@code routes/okta-pull.camel.yaml}, {@code mappings/okta.yaml})
 * @param causes what failures mean; what is shipped where the set has no such file
 */
public record FileSet(String hash, Map<String, String> texts, Organisation portkey,
                      Map<SourceName, MappingFile> mappings, Map<SourceName, SourceFile> sources, Causes causes) {

    public Optional<MappingFile> mapping(SourceName source) {
        return Optional.ofNullable(mappings.get(source));
    }

    public Optional<SourceFile> source(SourceName source) {
        return Optional.ofNullable(sources.get(source));
    }
}
