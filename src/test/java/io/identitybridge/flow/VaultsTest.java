package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets by Camel's property functions. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads the log")
class VaultsTest {
    static CamelContext camel;

    @BeforeAll
    static void start() {
        camel = new DefaultCamelContext();
        camel.start();
    }

    @AfterAll
    static void stop() {
        camel.stop();
    }

    @Test
    void a_vault_on_the_class_path_gives_its_secret() {
        TestVault.SECRETS.put("okta#a", "s3cr3t");
        assertThat(new Vaults(camel, Duration.ZERO).value("testvault:okta#a")).contains("s3cr3t");
        assertThat(new Vaults(camel, Duration.ZERO).value("testvault:okta#none")).isEmpty();
    }

    @Test
    void a_vault_whose_jar_is_missing_gives_none_and_never_what_it_was_asked_for(CapturedOutput output) {
        assertThat(new Vaults(camel, Duration.ZERO).value("hashicorp:secret:okta#token")).as("Camel's own placeholder would take the rest for a default").isEmpty();
        assertThat(output).contains("no vault is called 'hashicorp' here: the bridge lacks the jar of camel-hashicorp-vault, which brings the vault function 'hashicorp', in BRIDGE_LIB");
        assertThat(new Vaults(camel, Duration.ZERO).lacks("testvault:okta#a")).isEmpty();
        assertThat(new Vaults(camel, Duration.ZERO).lacks("hashicrp:secret:okta#token")).contains("a jar that brings the vault function 'hashicrp', in BRIDGE_LIB");
    }

    @Test
    void what_it_said_last_holds_while_it_does_not_answer_and_no_longer_than_that(CapturedOutput output) {
        Vaults vaults = new Vaults(camel, Duration.ZERO);
        TestVault.SECRETS.put("okta#b", "s3cr3t");
        assertThat(vaults.value("testvault:okta#b")).contains("s3cr3t");
        TestVault.SECRETS.put("okta#b", "!connection refused for t0ken");
        assertThat(vaults.value("testvault:okta#b")).contains("s3cr3t");
        assertThat(output).contains("the vault 'testvault' did not answer (UnsupportedOperationException); what it said last holds").doesNotContain("t0ken").doesNotContain("s3cr3t");
        TestVault.SECRETS.put("okta#b", "rotated");
        assertThat(vaults.value("testvault:okta#b")).contains("rotated");
        TestVault.SECRETS.remove("okta#b");
        assertThat(vaults.value("testvault:okta#b")).as("it answers that there is none").isEmpty();
    }

    @Test
    void it_is_not_asked_twice_within_its_time() {
        Vaults vaults = new Vaults(camel, Duration.ofHours(1));
        TestVault.SECRETS.put("okta#c", "first");
        assertThat(vaults.value("testvault:okta#c")).contains("first");
        TestVault.SECRETS.put("okta#c", "second");
        assertThat(vaults.value("testvault:okta#c")).contains("first");
    }
}
