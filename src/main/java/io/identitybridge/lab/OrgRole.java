package io.identitybridge.lab;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The organisation role of SCIM's {@code roles}: the highest of owner, admin and member, without case; member if there is none of them. */
final class OrgRole {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OrgRole() {
    }

    /** From a string, an object, an array of either, or objects written as text in {@code value}, as Entra's PATCH has them. */
    static String of(JsonNode roles) {
        List<String> words = new ArrayList<>();
        gather(roles, words);
        return words.contains("owner") ? "owner" : words.contains("admin") ? "admin" : "member";
    }

    private static void gather(JsonNode roles, List<String> words) {
        if (roles.isArray()) {
            roles.forEach(each -> gather(each, words));
        } else if (roles.isObject()) {
            gather(roles.path("value"), words);
        } else if (roles.isTextual() && roles.asText().startsWith("{")) {
            gather(parsed(roles.asText()), words);
        } else if (roles.isTextual()) {
            words.add(roles.asText().toLowerCase(Locale.ROOT));
        }
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new Refusal(400, "invalidValue", "roles: a value that begins with { is no JSON");
        }
    }
}
