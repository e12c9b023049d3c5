package io.identitybridge.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AskTest {
    @Test
    void a_kind_has_neither_ids_nor_the_query() {
        assertThat(Ask.list("/admin/users?pageSize=100&email=ada%40acme.com").kind()).isEqualTo("GET /admin/users");
        assertThat(Ask.delete("/admin/workspaces/ws-7f/users/70726b79-0000", false).kind()).isEqualTo("DELETE /admin/workspaces/*/users/*");
        assertThat(Ask.create("/Users", "{}").kind()).isEqualTo("POST /Users");
        assertThat(Ask.update("PATCH", "/Groups/9", "{}", false).kind()).isEqualTo("PATCH /Groups/*");
    }
}
