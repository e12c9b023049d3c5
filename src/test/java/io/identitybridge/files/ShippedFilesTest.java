package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.files.MappingFile.Admit;
import io.identitybridge.files.MappingFile.Rule;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShippedFilesTest {
    private final FileSet set = FileReader.read(Shipped.shipped());

    @Test
    void every_shipped_source_has_its_mapping() {
        assertThat(set.sources().keySet()).extracting(SourceName::value).containsExactlyInAnyOrder("acme-directory", "entra", "google", "keycloak", "lab", "okta");
        assertThat(set.mappings().keySet()).containsAll(set.sources().keySet());
    }

    @Test
    void the_organisation_is_read_as_written() {
        Organisation portkey = set.portkey();
        assertThat(portkey.domains()).isEqualTo(Map.of("acme.com", true, "acme-labs.io", false));
        assertThat(portkey.limits().byClass().get(ChangeClass.ARCHIVE)).isEqualTo(new Organisation.Limit(0.05, 5));
        assertThat(portkey.limits().byClass().get(ChangeClass.RAISE)).isEqualTo(new Organisation.Limit(0, 20));
        assertThat(portkey.guarded().people()).extracting(Organisation.Entry::name).containsExactly("ciso@acme.com");
        Organisation.SourceRule entra = portkey.rule(new SourceName("entra"));
        assertThat(entra.mode()).isEqualTo(Organisation.Mode.PROPOSE);
        assertThat(entra.lag()).contains(Duration.ofMinutes(5));
        assertThat(entra.mayGrant()).isEqualTo(new Organisation.MayGrant(List.of("Subsidiary *"), Set.of(Role.MANAGER, Role.MEMBER), OrgRole.MEMBER, Map.of("acme-labs.io", false)));
    }

    @Test
    void a_mapping_is_read_with_the_line_of_each_rule() {
        MappingFile okta = set.mapping(new SourceName("okta")).orElseThrow();
        assertThat(okta.admit()).isInstanceOf(Admit.InAnyWorkspace.class);
        assertThat(okta.workspaces()).hasSize(3);
        assertThat(okta.workspaces().get(1)).isInstanceOfSatisfying(Rule.ByName.class, rule -> {
            assertThat(rule.workspaces()).containsExactly("Sales", "Engineering");
            assertThat(rule.at().line()).isEqualTo(Shipped.line("mappings/okta.yaml", "- group: AI Platform Leads"));
        });
        assertThat(okta.deprovision().missingAfter()).isEqualTo(Duration.ofHours(24));
        assertThat(okta.user().active().orElseThrow().text()).isEqualTo("!(record.status in [\"DEPROVISIONED\", \"SUSPENDED\"])");
    }

    @Test
    void a_test_keeps_its_records_as_written_with_whole_numbers_as_long() {
        MappingFile directory = set.mapping(new SourceName("acme-directory")).orElseThrow();
        assertThat(directory.fixtures().get("ada")).containsEntry("staffNo", 4711L);
        assertThat(directory.tests().get(2).limits()).isEqualTo(Map.of("archive", Map.of("share", "5%", "always-allow", 3L)));
        assertThat(directory.tests().get(2).held()).contains("archive: 4 of 4 in 24 hours, at most 3");
        MappingFile keycloak = set.mapping(new SourceName("keycloak")).orElseThrow();
        assertThat(keycloak.tests().get(1).given().get("users").toString()).contains("email=null");
    }

    @Test
    void a_source_is_read_as_written() {
        SourceFile entra = set.source(new SourceName("entra")).orElseThrow();
        assertThat(((Auth.FirstOf) entra.auth()).ways()).extracting(Auth.Way::settings).containsExactly(Set.of("certificate"), Set.of("client-secret"));
        assertThat(entra.page().orElseThrow().paging()).isEqualTo(new Paging.NextUrl("/@odata.nextLink"));
        assertThat(entra.read().get("app").page().orElseThrow().items()).contains("/appRoles");
        assertThat(entra.read().get("groups").memberKeep()).isEqualTo(Map.of("/@odata.type", "#microsoft.graph.user"));
        assertThat(entra.settings().get("client-secret").secret()).isTrue();
        assertThat(entra.settings().get("app-id").fallback()).contains("");
        assertThat(entra.complete()).isFalse();
        assertThat(entra.lag()).isEqualTo(Duration.ofMinutes(5));
        SourceFile directory = set.source(new SourceName("acme-directory")).orElseThrow();
        assertThat(directory.page().orElseThrow().paging()).isEqualTo(new Paging.Number("page", 1));
        assertThat(directory.read().get("groups").member()).contains("");
        assertThat(directory.atLeast()).isEqualTo(Map.of("users", 50L, "groups", 3L));
    }

    @Test
    void the_hash_of_a_reading_changes_with_what_is_read_and_not_with_comments() {
        Map<String, String> texts = new TreeMap<>(Shipped.shipped());
        SourceName okta = new SourceName("okta");
        String hash = set.source(okta).orElseThrow().readHash();
        texts.computeIfPresent("routes/okta.source.yaml", (name, text) -> text.replace("# Okta:", "# our Okta:").replace("attempts: 6", "attempts: 7"));
        FileSet commented = FileReader.read(texts);
        assertThat(commented.source(okta).orElseThrow().readHash()).isEqualTo(hash);
        assertThat(commented.hash()).isNotEqualTo(set.hash());
        texts.computeIfPresent("routes/okta.source.yaml", (name, text) -> text.replace("path: /users\n", "path: /people\n"));
        assertThat(FileReader.read(texts).source(okta).orElseThrow().readHash()).isNotEqualTo(hash);
    }
}
