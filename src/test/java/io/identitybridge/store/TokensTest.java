package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TokensTest {
    private static final SourceName OKTA = new SourceName("okta");
    private final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.fresh());
    private final Tokens tokens = new Tokens(jdbc);

    @AfterEach
    void end() {
        tokens.close();
    }

    @Test
    void a_token_is_good_for_its_own_source_and_its_secret_is_not_kept() {
        Tokens.Made made = tokens.create(OKTA, "wizard", Optional.empty(), "ada");

        assertThat(made.secret()).startsWith("pib_").hasSize("pib_".length() + 43);
        assertThat(tokens.check(made.secret())).isEqualTo(new TokenCheck.Good(made.id(), OKTA));
        assertThat(jdbc.queryForList("select t::text from token t", String.class)).noneMatch(row -> row.contains(made.secret()));
        assertThat(made.toString()).doesNotContain(made.secret());
    }

    @Test
    void two_tokens_live_side_by_side_and_one_can_be_revoked_at_once() {
        Tokens.Made old = tokens.create(OKTA, "old", Optional.empty(), "ada");
        Tokens.Made fresh = tokens.create(OKTA, "new", Optional.empty(), "ada");

        assertThat(tokens.revoke(OKTA, old.id())).isTrue();

        assertThat(tokens.check(old.secret())).isInstanceOf(TokenCheck.Unknown.class);
        assertThat(tokens.check(fresh.secret())).isInstanceOf(TokenCheck.Good.class);
        assertThat(tokens.revoke(OKTA, old.id())).isFalse();
        assertThat(tokens.list(OKTA)).extracting(Token::label).containsExactly("new", "old");
    }

    @Test
    void a_token_of_another_source_cannot_be_revoked_or_seen() {
        Tokens.Made made = tokens.create(OKTA, "", Optional.empty(), "ada");

        assertThat(tokens.revoke(new SourceName("entra"), made.id())).isFalse();
        assertThat(tokens.list(new SourceName("entra"))).isEmpty();
    }

    @Test
    void a_token_ends_with_its_time_and_says_so() {
        Tokens.Made made = tokens.create(OKTA, "", Optional.of(Duration.ofHours(1)), "ada");
        assertThat(tokens.check(made.secret())).isInstanceOf(TokenCheck.Good.class);

        jdbc.update("update token set expires_at = now() - interval '1 second'");

        assertThat(tokens.check(made.secret())).isInstanceOf(TokenCheck.Expired.class);
    }

    @Test
    void an_access_token_ends_with_its_client_secret_and_is_forgotten_after_its_time() {
        Tokens.Made secret = tokens.create(TokenKind.CLIENT_SECRET, OKTA, "", Optional.empty(), "ada");
        Tokens.Access one = tokens.exchange(secret.id(), Duration.ofHours(1)).orElseThrow();
        Tokens.Access two = tokens.exchange(secret.id(), Duration.ofHours(1)).orElseThrow();
        assertThat(tokens.check(one.secret())).isInstanceOf(TokenCheck.Good.class);
        assertThat(tokens.check(secret.secret())).isInstanceOf(TokenCheck.ClientSecret.class);
        assertThat(tokens.checkClient("okta", secret.secret())).isEqualTo(new TokenCheck.Good(secret.id(), OKTA));

        jdbc.update("update token set expires_at = now() - interval '1 second' where hash = sha256(?::bytea)", one.secret());
        assertThat(tokens.purge()).as("it is known for an hour").isZero();
        assertThat(tokens.check(one.secret())).isInstanceOf(TokenCheck.Expired.class);
        jdbc.update("update token set expires_at = now() - interval '2 hours' where hash = sha256(?::bytea)", one.secret());
        assertThat(tokens.purge()).isOne();

        assertThat(tokens.revoke(OKTA, secret.id())).isTrue();
        assertThat(tokens.check(two.secret())).isInstanceOf(TokenCheck.Unknown.class);
        assertThat(tokens.exchange(secret.id(), Duration.ofHours(1))).isEmpty();
    }

    @Test
    void a_revocation_that_breaks_off_can_be_done_again_and_leaves_no_access_token() {
        TokenDesk desk = new TokenDesk(tokens, jdbc, new TransactionTemplate(new DataSourceTransactionManager(jdbc.getDataSource())));
        Tokens.Made secret = tokens.create(TokenKind.CLIENT_SECRET, OKTA, "", Optional.empty(), "ada");
        Tokens.Access access = tokens.exchange(secret.id(), Duration.ofHours(1)).orElseThrow();
        jdbc.execute("create function lost() returns trigger language plpgsql as $$ begin raise exception 'the connection is lost'; end $$");
        jdbc.execute("create trigger lost before update on token for each row when (old.kind = 'access') execute function lost()");
        assertThatThrownBy(() -> desk.revoke(OKTA, secret.id(), "ada")).isInstanceOf(DataAccessException.class);
        jdbc.execute("drop trigger lost on token");

        assertThat(desk.revoke(OKTA, secret.id(), "ada")).isTrue();
        assertThat(tokens.check(access.secret())).isInstanceOf(TokenCheck.Unknown.class);
    }

    @Test
    void no_access_token_survives_a_revocation_that_comes_at_the_same_time() throws Exception {
        for (int round = 0; round < 50; round++) {
            Tokens.Made secret = tokens.create(TokenKind.CLIENT_SECRET, OKTA, "", Optional.empty(), "ada");
            List<Tokens.Access> made = new java.util.concurrent.CopyOnWriteArrayList<>();
            List<Thread> askers = java.util.stream.IntStream.range(0, 4).mapToObj(i -> Thread.startVirtualThread(() -> tokens.exchange(secret.id(), Duration.ofHours(1)).ifPresent(made::add))).toList();
            tokens.revoke(OKTA, secret.id());
            for (Thread asker : askers) {
                asker.join();
            }
            assertThat(made).allMatch(access -> tokens.check(access.secret()) instanceof TokenCheck.Unknown);
        }
    }

    @Test
    void use_is_written_in_one_statement_beside_the_requests() {
        List<Tokens.Made> made = List.of(tokens.create(OKTA, "a", Optional.empty(), "ada"), tokens.create(OKTA, "b", Optional.empty(), "ada"));
        made.forEach(token -> tokens.check(token.secret()));
        assertThat(tokens.list(OKTA)).allMatch(token -> token.lastUsed().isEmpty());

        tokens.writeUse();

        assertThat(tokens.list(OKTA)).allMatch(token -> token.lastUsed().isPresent());
    }

    @Test
    void nothing_that_is_no_token_passes() {
        assertThat(tokens.check("")).isInstanceOf(TokenCheck.Unknown.class);
        assertThat(tokens.check("pib_" + UUID.randomUUID())).isInstanceOf(TokenCheck.Unknown.class);
        assertThat(tokens.check("x".repeat(1_000_000))).isInstanceOf(TokenCheck.Unknown.class);
    }
}
