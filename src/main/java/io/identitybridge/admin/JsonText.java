package io.identitybridge.admin;

import io.identitybridge.store.Json;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Writes JSON that the database holds as it is. */
@JacksonComponent
class JsonText extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator out, SerializationContext context) {
        out.writeRawValue(value.text());
    }
}
