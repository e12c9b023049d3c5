package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    @ParameterizedTest
    @ValueSource(strings = {"source", "mapping", "portkey", "causes"})
    void every_key_has_a_title_a_description_and_examples(String name) throws IOException {
        List<String> bare = new ArrayList<>();
        walk(name, schema(name), bare);
        assertThat(bare).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "mapping", "portkey", "causes"})
    void every_example_is_taken_by_its_own_key(String name) throws IOException {
        JsonNode schema = schema(name);
        List<String> refused = new ArrayList<>();
        examples(schema, schema, refused);
        assertThat(refused).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "mapping", "portkey", "causes"})
    void each_schema_is_one_of_draft_2020_12(String name) throws IOException {
        JsonSchema draft = FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012));
        assertThat(draft.validate(schema(name))).extracting(ValidationMessage::getMessage).isEmpty();
    }

    private static void walk(String path, JsonNode node, List<String> bare) {
        node.path("properties").properties().forEach(key -> {
            JsonNode value = key.getValue();
            boolean condition = value.has("const") && value.size() == 1;
            if (!condition && !(value.has("title") && value.has("description") && value.has("examples"))) {
                bare.add(path + "." + key.getKey());
            }
        });
        boolean closed = node.path("additionalProperties").isBoolean() && !node.path("additionalProperties").asBoolean();
        boolean mapped = node.path("additionalProperties").isObject();
        if (node.has("properties") && node.path("type").asText().equals("object") && !closed && !mapped) {
            bare.add(path + " is open");
        }
        node.properties().forEach(child -> walk(path + "." + child.getKey(), child.getValue(), bare));
        node.elements().forEachRemaining(child -> {
            if (node.isArray()) {
                walk(path + "[]", child, bare);
            }
        });
    }

    private static void examples(JsonNode root, JsonNode node, List<String> refused) {
        for (Map.Entry<String, JsonNode> key : node.path("properties").properties()) {
            JsonSchema schema = FACTORY.getSchema(((ObjectNode) key.getValue().deepCopy()).set("$defs", root.path("$defs")));
            for (JsonNode example : key.getValue().path("examples")) {
                schema.validate(example).forEach(message -> refused.add(key.getKey() + ": " + example + ": " + message.getMessage()));
            }
        }
        node.elements().forEachRemaining(child -> examples(root, child, refused));
    }

    private static JsonNode schema(String name) throws IOException {
        return new ObjectMapper().readTree(SchemaTest.class.getResourceAsStream("/schema/" + name + ".schema.json"));
    }
}
