package io.identitybridge.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first step of the setup, as its page says it, done to the shipped files. */
class SetupTest {
    private static final String PORTKEY = "mappings/portkey.yaml";
    private static final String GRANT = "{workspaces: [\"Subsidiary *\"], roles: [manager, member], organisation: member, domains: [labs.example.org]}";

    @Test
    void the_line_of_the_setup_puts_other_domains_into_all_files() throws IOException {
        Map<String, String> ours = ours();
        assertThat(ours.get(PORTKEY)).contains("example.org: with-subdomains", "labs.example.org: exact").doesNotContain("acme.com", "acme-labs.io");
        assertThat(Slips.faults(ours)).isEmpty();
    }

    @Test
    void without_it_each_mapping_says_what_to_do() {
        assertThat(Slips.faults(Slips.edit(Slips.SHIPPED, PORTKEY, "  acme.com: with-subdomains", "  example.org: with-subdomains"))).isNotEmpty().allSatisfy(fault -> assertThat(fault).contains("give the tests people of your domains (src/docs/setup.md)"));
    }

    @Test
    void an_entra_that_may_give_more_has_its_two_tests_changed_as_its_page_says() throws IOException {
        String mapping = "mappings/entra.yaml";
        Map<String, String> wide = Slips.edit(ours(), PORTKEY, GRANT, "{workspaces: [\"*\"], roles: [admin, manager, member], organisation: owner}");
        assertThat(Slips.faults(wide)).isNotEmpty().allMatch(fault -> fault.startsWith(mapping));
        String changed = wide.get(mapping).replaceAll("    refused:\n      - \"(make ada@labs.example.org organisation admin): .*\"\n", "      - $1\n");
        assertThat(Slips.faults(Slips.edit(wide, mapping, wide.get(mapping), changed))).isEmpty();
    }

    private static Map<String, String> ours() throws IOException {
        Matcher line = Pattern.compile("sed -i 's/([^/]+)/([^/]+)/g; s/([^/]+)/([^/]+)/g' mappings/\\*\\.yaml").matcher(Files.readString(Path.of("src/docs/setup.md")));
        assertThat(line.find()).isTrue();
        Map<String, String> edited = new TreeMap<>(Slips.SHIPPED);
        edited.replaceAll((file, text) -> file.startsWith("mappings/") ? text.replaceAll(line.group(1), line.group(2)).replaceAll(line.group(3), line.group(4)) : text);
        return edited;
    }
}
