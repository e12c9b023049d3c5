package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The resource files say what RFC 7643 says, and what the code does. */
class ScimSchemaTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    @Test
    void users_have_every_core_attribute() {
        assertThat(Schema.USER.attributes()).extracting(Attribute::name).containsExactlyInAnyOrder("userName", "name", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone", "active", "password",
                "emails", "phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates");
        assertThat(Schema.USER.attribute("name").orElseThrow().subs()).extracting(Attribute::name).containsExactlyInAnyOrder("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix");
        assertThat(Schema.USER.attribute("addresses").orElseThrow().subs()).extracting(Attribute::name).contains("formatted", "streetAddress", "locality", "region", "postalCode", "country", "type");
        assertThat(Schema.ENTERPRISE.attributes()).extracting(Attribute::name).containsExactlyInAnyOrder("employeeNumber", "costCenter", "organization", "division", "department", "manager");
        assertThat(Schema.GROUP.attributes()).extracting(Attribute::name).containsExactlyInAnyOrder("displayName", "members");
    }

    @Test
    void every_attribute_says_all_that_a_client_may_ask() {
        for (Schema schema : Schema.ALL) {
            described(schema).forEach(ScimSchemaTest::assertWhole);
        }
    }

    @Test
    void what_is_unique_required_and_hidden_is_what_the_files_say() {
        assertThat(ResourceType.USER.naming).isEqualTo("userName");
        assertThat(ResourceType.GROUP.naming).isEqualTo("displayName");
        assertThat(ResourceType.USER.known(AttributePath.of("password"))).isInstanceOf(Known.Secret.class);
        for (String path : List.of("id", "meta.created", "schemas", "groups", "groups.value", ENTERPRISE + ":manager.displayName")) {
            assertThat(ResourceType.USER.known(AttributePath.of(path))).as(path).isInstanceOf(Known.ReadOnly.class);
        }
        assertThat(ResourceType.USER.known(AttributePath.of("urn:ietf:params:scim:schemas:core:2.0:User:NAME.givenname"))).isEqualTo(ResourceType.USER.known(AttributePath.of("name.givenName")));
        assertThat(Schema.USER.attributes().stream().filter(Attribute::required)).extracting(Attribute::name).containsExactly("userName");
    }

    @Test
    void words_of_a_kind_are_proposed_and_others_are_taken() {
        Attribute type = Schema.USER.attribute("ims").flatMap(ims -> ims.sub("type")).orElseThrow();
        assertThat(new Values(new Repairs()).of(type, "matrix")).contains("matrix");
        assertThat(described(Schema.USER).toString()).contains("canonicalValues=[work, home, other]", "canonicalValues=[aim, gtalk, icq, xmpp, msn, skype, qq, yahoo]", "canonicalValues=[work, home, mobile, fax, pager, other]");
    }

    @Test
    void texts_in_a_value_path_are_compared_with_case_where_the_schema_has_it() {
        Attribute photos = Schema.USER.attribute("photos").orElseThrow();
        Filter filter = FilterParser.path("photos[value eq \"HTTPS://x.example/A\"]").where().orElseThrow();
        assertThat(Elements.picks(filter, Map.of("value", "https://x.example/a"), photos)).isFalse();
        assertThat(Elements.picks(filter, Map.of("value", "HTTPS://x.example/A"), photos)).isTrue();
        assertThat(Elements.picks(FilterParser.path("emails[value eq \"A@x\"]").where().orElseThrow(), Map.of("value", "a@X"), Schema.USER.attribute("emails").orElseThrow())).isTrue();
    }

    @Test
    void the_limits_advertised_are_those_of_the_code() {
        Map<String, Map<String, Object>> config = Json.resource("service-provider-config.json", new TypeReference<Map<String, Object>>() { }).entrySet().stream().filter(entry -> entry.getValue() instanceof Map)
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, entry -> Document.map((Map<?, ?>) entry.getValue())));
        assertThat(config.get("bulk")).containsEntry("supported", true).containsEntry("maxOperations", (long) Bulk.MOST).containsEntry("maxPayloadSize", (long) Bulk.LONGEST);
        assertThat(config.get("filter")).containsEntry("supported", true).containsEntry("maxResults", (long) Query.MOST);
        assertThat(config.get("pagination")).containsEntry("cursor", true).containsEntry("index", true).containsEntry("defaultPaginationMethod", "index").containsEntry("defaultPageSize", (long) Query.DEFAULT_COUNT).containsEntry("maxPageSize", (long) Query.MOST);
        assertThat(config.get("sort")).containsEntry("supported", true);
        assertThat(config.get("etag")).containsEntry("supported", true);
        assertThat(config.get("patch")).containsEntry("supported", true);
        assertThat(config.get("changePassword")).containsEntry("supported", false);
    }

    @SuppressWarnings("unchecked")
    private static void assertWhole(Map<String, Object> attribute) {
        String name = attribute.get("name").toString();
        assertThat(attribute.keySet()).as(name).contains("name", "type", "multiValued", "description", "required", "mutability", "returned");
        if (Set.of("string", "reference", "binary").contains(attribute.get("type"))) {
            assertThat(attribute.keySet()).as(name).contains("caseExact", "uniqueness");
        }
        assertThat(attribute.containsKey("referenceTypes")).as(name).isEqualTo(attribute.get("type").equals("reference"));
        Optional.ofNullable((List<Map<String, Object>>) attribute.get("subAttributes")).orElse(List.of()).forEach(ScimSchemaTest::assertWhole);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> described(Schema schema) {
        return (List<Map<String, Object>>) schema.described().get("attributes");
    }
}
