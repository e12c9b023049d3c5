package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The body of a PATCH (RFC 7644, 3.5.2), in the forms that Okta and Entra send Portkey. */
final class ScimPatch {
    private final ObjectNode body = Calls.JSON.createObjectNode();
    private final ArrayNode operations;

    ScimPatch() {
        body.putArray("schemas").add("urn:ietf:params:scim:api:messages:2.0:PatchOp");
        this.operations = body.putArray("Operations");
    }

    ScimPatch replace(String path, Object value) {
        operations.addObject().put("op", "replace").put("path", path).set("value", Calls.JSON.<JsonNode>valueToTree(value));
        return this;
    }

    /** One more member; no list is ever sent whole, so that nobody whom the bridge does not know is lost. */
    static String member(String userId) {
        ScimPatch patch = new ScimPatch();
        patch.operations.addObject().put("op", "add").put("path", "members").putArray("value").addObject().put("value", userId);
        return patch.toString();
    }

    static String noMember(String userId) {
        ScimPatch patch = new ScimPatch();
        patch.operations.addObject().put("op", "remove").put("path", "members[value eq " + Calls.JSON.valueToTree(userId) + "]");
        return patch.toString();
    }

    @Override
    public String toString() {
        return body.toString();
    }
}
