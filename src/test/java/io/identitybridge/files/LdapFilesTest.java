package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.SourceFile.Scope;
import io.identitybridge.model.SourceName;
import org.junit.jupiter.api.Test;

/** What a source file says of an LDAP server. */
class LdapFilesTest {
    private static final String LDAP = "routes/ldap.source.yaml";

    @Test
    void an_ldap_source_is_read_as_written() {
        SourceFile file = FileReader.read(Shipped.shipped()).source(new SourceName("ad")).orElseThrow();
        SourceFile.Ldap ldap = file.ldap().orElseThrow();
        assertThat(ldap.pageSize()).isEqualTo(500);
        assertThat(ldap.startTls()).isEmpty();
        assertThat(ldap.searches().get("users").filter()).isEqualTo("(&(objectCategory=person)(objectClass=user)(|(mail=*)(userPrincipalName=*)))");
        assertThat(ldap.searches().get("groups").scope()).isEqualTo(Scope.SUB);
        assertThat(ldap.searches().get("groups").flatten()).isFalse();
        assertThat(file.tests().get(3).pages().get(1).status()).isEqualTo(4);
    }

    @Test
    void what_belongs_to_http_is_refused_in_an_ldap_source_and_the_other_way_round() {
        assertThat(faults(LDAP, "filter: (objectClass=groupOfNames)", "filter: (objectClass=groupOfNames)\n    path: /groups")).singleElement().asString()
                .contains("'path' is for HTTP, and this source is read by LDAP; take it away; see base, filter and attributes");
        assertThat(faults(LDAP, "url: ${url}\n", "url: ${url}\nauth: {type: none}\n")).singleElement().asString().contains("'auth' is for HTTP, and ldap in line").contains("take one of the two away");
        assertThat(faults("routes/okta.source.yaml", "    path: /users\n", "    base: dc=acme\n")).anyMatch(fault -> fault.contains("'base' is for LDAP, and this source is read by HTTP"))
                .anyMatch(fault -> fault.contains("a list needs where it is; add path: after the base URL"));
    }

    @Test
    void a_list_of_an_ldap_source_says_where_which_and_by_what_id() {
        assertThat(faults(LDAP, "    filter: (objectClass=groupOfNames)\n", "")).singleElement().asString().contains("a list needs which entries are in it; add filter:");
        assertThat(faults(LDAP, "id: /entryUUID        ", "id: entryUUID        ")).isNotEmpty().allMatch(fault -> fault.startsWith(LDAP));
        assertThat(faults(LDAP, "cursor: /modifyTimestamp   ", "cursor: /entryCSN   ")).singleElement().asString().contains("no changes can be asked for by '/entryCSN'; write /uSNChanged for Active Directory, or /modifyTimestamp");
        assertThat(faults(LDAP, "nested: direct ", "nested: flaten ")).singleElement().asString().contains("flaten").contains("did you mean 'flatten'?");
    }

    @Test
    void a_password_is_a_secret_setting() {
        assertThat(faults(LDAP, "env: LDAP_PASSWORD, secret: true", "env: LDAP_PASSWORD")).singleElement().asString().contains("'password' proves who the bridge is, and nothing in it is secret");
        assertThat(faults(LDAP, "password: \"${password}\"", "password: \"${pasword}\"")).singleElement().asString().contains("setting 'pasword' is not declared under settings; did you mean 'password'?");
    }
}
