package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;

class RaiserTest {
    /** Many a chat's webhook has its secret in the path. */
    @Test
    void the_log_shows_of_a_webhook_that_fails_its_host_and_not_what_lets_in() {
        assertThat(Raiser.said(new HttpOperationFailedException("https://hooks.chat.example/services/T01/B02/s3cr3t", 404, "Not Found", null, null, "")))
                .contains("HttpOperationFailedException: ", "https://hooks.chat.example/...", "404").doesNotContain("s3cr3t", "T01");
        assertThat(Raiser.said(new IOException("no route to amqps://bridge:hunter2@broker.example:5671?x=hunter3 for now"))).contains("amqps://broker.example:5671/... for now").doesNotContain("hunter");
        assertThat(Raiser.said(new IOException("smtp:mail.example:25?password=hunter2 is away"))).isEqualTo("IOException: smtp:mail.example:25?... is away");
    }
}
