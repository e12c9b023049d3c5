package io.identitybridge.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.identitybridge.model.FileFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Holds a file against its JSON Schema, the one that editors use too, and gives each fault the place and words of the file. */
final class SchemaCheck {
    static final SchemaCheck SOURCE = new SchemaCheck("source");
    static final SchemaCheck MAPPING = new SchemaCheck("mapping");
    static final SchemaCheck PORTKEY = new SchemaCheck("portkey");
    static final SchemaCheck CAUSES = new SchemaCheck("causes");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode written;
    private final JsonSchema schema;

    private SchemaCheck(String name) {
        written = load("/schema/" + name + ".schema.json");
        schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(written);
    }

    List<FileFault> faults(Tree tree) {
        return schema.validate(JSON.valueToTree(tree.plain())).stream().flatMap(message -> fault(tree, message).stream()).toList();
    }

    private Optional<FileFault> fault(Tree root, ValidationMessage message) {
        JsonNode rule = written;
        JsonNodePath path = message.getSchemaLocation().getFragment();
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            Object step = path.getElement(i);
            rule = step instanceof Integer index ? rule.path(index) : rule.path(step.toString());
        }
        return new SchemaFault(written, rule, message).at(root);
    }

    private static JsonNode load(String resource) {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
