package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.SourceName;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Why a run failed is in the log and in the run: no address of a person's stands there, also where an IdP's id is one. */
class FaultsTest {
    private final Faults faults = new Faults(new SourceName("ldap"), new Settings(Map.of(), Set.of()));

    @Test
    void of_an_id_that_is_an_address_only_the_domain_is_said() {
        URI url = URI.create("https://idp.example/users/ada.lovelace%40acme.com");
        assertThat(faults.noAnswer("users: ada.lovelace@acme.com", url, new IOException(), 1).getMessage()).contains("users: ...@acme.com: ", "https://idp.example/users/...%40acme.com ").doesNotContain("ada");
        assertThat(faults.of("members of group Ada's <o'hara@acme.com>").getMessage()).doesNotContain("hara");
        assertThat(faults.of("users: page 2: there is no list at /@odata.nextLink; look at next").getMessage()).contains("at /@odata.nextLink; look at next");
    }
}
