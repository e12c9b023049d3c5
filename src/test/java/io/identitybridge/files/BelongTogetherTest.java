package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BelongTogetherTest {
    private final Map<String, String> texts = new TreeMap<>(Shipped.shipped());

    @Test
    void a_file_is_called_as_it_says() {
        assertThat(faults("routes/okta.source.yaml", "source: okta", "source: otka"))
                .containsExactly("routes/okta.source.yaml:3:9: the file is named for 'okta' and says 'otka'; give both the same name");
        assertThat(faults("mappings/okta.yaml", "mapping: okta", "mapping: entra")).singleElement().asString().contains("named for 'okta' and says 'entra'");
    }

    @Test
    void a_source_without_a_mapping_is_a_fault() {
        texts.remove("mappings/okta.yaml");
        assertThat(faults(texts)).containsExactly("routes/okta.source.yaml:3:1: source 'okta' has no mapping; write mappings/okta.yaml, or take the source away");
    }

    @Test
    void a_source_taken_away_with_its_mapping_and_route_leaves_a_whole_set() {
        texts.keySet().removeIf(name -> name.contains("okta"));
        assertThat(faults(texts)).isEmpty();
    }

    @Test
    void a_mapping_alone_serves_pushes() {
        texts.keySet().removeIf(name -> name.startsWith("routes/okta"));
        assertThat(FileReader.read(texts).mappings()).hasSize((int) texts.keySet().stream().filter(name -> name.startsWith("mappings/") && !name.endsWith("/portkey.yaml")).count());
    }

    @Test
    void without_the_organisation_nothing_is_whole() {
        texts.remove("mappings/portkey.yaml");
        assertThat(faults(texts)).singleElement().asString().startsWith("mappings/portkey.yaml:0:0: the file is missing");
    }

    @Test
    void a_file_that_would_be_read_by_nobody_is_a_fault() {
        texts.put("routes/okta.sorce.yaml", "source: okta\n");
        assertThat(faults(texts)).singleElement().asString().startsWith("routes/okta.sorce.yaml:0:0: neither a source, a route, the causes nor a mapping by its name");
    }

    @Test
    void a_pulled_mapping_names_every_attribute_that_decides() {
        assertThat(faults("mappings/keycloak.yaml", "  active:      record.enabled\n", "")).singleElement().asString().contains("user.active is missing");
    }

    @Test
    void a_live_portkey_needs_its_domains() {
        assertThat(faults("mappings/portkey.yaml", "target: store", "target: portkey-scim")).isEmpty();
        texts.computeIfPresent("mappings/portkey.yaml", (name, text) -> text.replace("target: store", "target: portkey-scim")
                .replace("domains:                 ", "domains: {}\nignored:                 ").replaceFirst("(?s)ignored:.*?\n\n", "\n"));
        assertThat(faults(texts)).singleElement().asString().contains("target portkey-scim without domains would let any e-mail domain in");
    }
}
