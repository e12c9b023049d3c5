package io.identitybridge.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.files.FileReader;
import io.identitybridge.files.SourceFile;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.IdpServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Answers as an IdP writes them, kept under {@code src/test/resources/samples}, and the shipped source file that reads them. */
record Samples(String folder, String vendorOrigin, String ours) {
    /** One answer with its links leading to the stand-in, as JSON. */
    Reply reply(int status, String name) {
        return Reply.of(status, text(name)).with("Content-Type", "application/json");
    }

    Reply reply(String name) {
        return reply(200, name);
    }

    String text(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/samples/" + folder + "/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(vendorOrigin, ours);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Reply json(String body) {
        return Reply.json(body).with("Content-Type", "application/json");
    }

    /** The first element of a list in a sample, for where a single object is asked for. */
    Reply first(String name, String list) throws IOException {
        return json(new ObjectMapper().readTree(text(name)).get(list).get(0).toString());
    }

    static SourceFile shipped(String source) {
        return shipped(FileReader.texts(Path.of("routes"), Path.of("mappings")), source);
    }

    static SourceFile shipped(Map<String, String> texts, String source) {
        return FileReader.read(texts).source(new SourceName(source)).orElseThrow();
    }

    /** The file's settings: these, else the default. */
    static Settings settings(SourceFile file, Map<String, String> values, Set<String> secrets) {
        Map<String, String> all = new LinkedHashMap<>();
        file.settings().forEach((name, setting) -> setting.fallback().ifPresent(value -> all.put(name, value)));
        all.putAll(values);
        return new Settings(all, secrets);
    }
}
