package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Bearer tokens, client secrets and the access tokens made for these, any number a source, kept only as SHA-256. Revoking and expiring work at once: every check asks the store.
 * When a token was last used is written at most once a minute, beside the requests.
 */
public final class Tokens implements AutoCloseable {
    /** An access token that has ended is known for this long, so that its holder hears that it has expired. */
    private static final Duration KNOWN = Duration.ofHours(1);

    private final Sql sql;
    private final Set<UUID> used = ConcurrentHashMap.newKeySet();
    private final Together<byte[], Optional<Found>> looks = new Together<>(2, Together.Traits.any(), this::look);
    private final Ticker ticker;
    private final Ticker cleaner;

    public Tokens(JdbcTemplate jdbc) {
        this.sql = new Sql(jdbc);
        this.ticker = new Ticker("token-use", Duration.ofMinutes(1), this::writeUse);
        this.cleaner = new Ticker("token-end", Duration.ofMinutes(10), this::purge);
    }

    /** A new token; {@code secret} is shown this once. */
    public record Made(UUID id, String secret) {
        @Override
        public String toString() {
            return "token " + id;
        }
    }

    /** An access token that lives so long; {@code secret} is shown this once. */
    public record Access(String secret, Duration life) {
        @Override
        public String toString() {
            return "access token for " + life;
        }
    }

    /** Makes a bearer token; without {@code life} it holds until it is revoked. */
    public Made create(SourceName source, String label, Optional<Duration> life, String by) {
        return create(TokenKind.BEARER, source, label, life, by);
    }

    /** Makes a bearer token or a client secret; without {@code life} it holds until it is revoked. */
    Made create(TokenKind kind, SourceName source, String label, Optional<Duration> life, String by) {
        Made made = new Made(Ids.next(), secret(kind));
        sql.run("insert into token (id, source, kind, hash, label, created_by, expires_at) values (?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?::double precision))",
                made.id(), source.value(), kind.word(), Secrets.hash(made.secret()), label, by, life.map(Duration::toSeconds).map(Long::doubleValue).orElse(null));
        return made;
    }

    /**
     * Makes an access token for a client secret; it lives at most as long as that. Empty where the secret is no longer living:
     * its row is locked, so that a revocation either sees the new token or is seen here.
     */
    public Optional<Access> exchange(UUID clientSecret, Duration life) {
        String secret = secret(TokenKind.ACCESS);
        return sql.row("insert into token (id, source, kind, parent, hash, label, created_by, expires_at)"
                + " select ?, source, 'access', id, ?, label, 'client-secret:' || id, least(now() + make_interval(secs => ?::double precision), expires_at) from token"
                + " where id = ? and kind = 'client-secret' and revoked_at is null and (expires_at is null or expires_at > now()) for share"
                + " returning extract(epoch from expires_at - now())", (rs, n) -> new Access(secret, Duration.ofSeconds(Math.max(1, rs.getLong(1)))),
                Ids.next(), Secrets.hash(secret), (double) life.toSeconds(), clientSecret);
    }

    /** The bearer tokens and client secrets of a source, newest first, revoked ones too. */
    public List<Token> list(SourceName source) {
        return sql.rows("select id, source, kind, label, created_at, created_by, expires_at, revoked_at, last_used from token where source = ? and kind <> 'access' order by created_at desc, id desc", (rs, n) -> row(rs), source.value());
    }

    /** When the living bearer tokens and client secrets of each source that has some were last used; empty where none ever was. Up to a minute late. */
    public Map<SourceName, Optional<Instant>> living() {
        Map<SourceName, Optional<Instant>> living = new TreeMap<>();
        sql.rows("select source, max(last_used) as last_used from token where revoked_at is null and (expires_at is null or expires_at > now()) group by source",
                (rs, n) -> living.put(new SourceName(rs.getString(1)), Sql.instant(rs, "last_used")));
        return living;
    }

    /** Ends a token at once, or a client secret with its access tokens; false when the source has no living one of this id. */
    public boolean revoke(SourceName source, UUID id) {
        boolean ended = sql.run("update token set revoked_at = now() where source = ? and id = ? and revoked_at is null", source.value(), id) == 1;
        if (ended) { // a statement of its own: it sees what was made while the one above waited for the row
            sql.run("update token set revoked_at = now() where parent = ? and revoked_at is null", id);
        }
        return ended;
    }

    /** What SCIM is asked with: a bearer or an access token. */
    public TokenCheck check(String secret) {
        return check(secret, found -> found.kind() != TokenKind.CLIENT_SECRET).orElseGet(TokenCheck.ClientSecret::new);
    }

    /** What the token endpoint is asked with; a client secret of another source is unknown here. */
    public TokenCheck checkClient(String source, String secret) {
        return check(secret, found -> found.kind() == TokenKind.CLIENT_SECRET && found.good().source().value().equals(source)).orElseGet(TokenCheck.Unknown::new);
    }

    /** Looks a secret up by its hash, so that no comparison takes longer for a nearer guess; what has not the form of ours costs no look at all. Empty where it lives and is not the wanted one. */
    private Optional<TokenCheck> check(String secret, Predicate<Found> wanted) {
        Optional<Found> found = shaped(secret) ? looks.ask(Secrets.hash(secret)) : Optional.empty();
        if (found.isEmpty() || found.get().over()) {
            return Optional.of(found.isEmpty() ? new TokenCheck.Unknown() : new TokenCheck.Expired());
        }
        if (!wanted.test(found.get())) {
            return Optional.empty();
        }
        used.add(found.get().good().token());
        return Optional.of(found.get().good());
    }

    /** One look for all that come at the same time; most show the same token. */
    private List<Supplier<Optional<Found>>> look(List<byte[]> hashes) {
        Map<String, Found> found = new HashMap<>();
        Set<String> asked = new HashSet<>();
        sql.rows("select encode(hash, 'hex'), id, source, kind, expires_at <= now() as over from token where hash = any(?::bytea[]) and revoked_at is null", (rs, n) -> found.put(rs.getString(1), found(rs)),
                hashes.stream().filter(hash -> asked.add(HexFormat.of().formatHex(hash))).toList());
        return hashes.stream().<Supplier<Optional<Found>>>map(hash -> () -> Optional.ofNullable(found.get(HexFormat.of().formatHex(hash)))).toList();
    }

    private record Found(TokenCheck.Good good, TokenKind kind, boolean over) {
    }

    /** Writes which tokens were used since the last time. */
    void writeUse() {
        Set<UUID> now = new HashSet<>(used);
        if (!now.isEmpty()) {
            used.removeAll(now);
            sql.run("update token set last_used = now() where id = any(?::uuid[])", now);
        }
    }

    /** Forgets access tokens that ended a while ago. */
    int purge() {
        return sql.run("delete from token where kind = 'access' and expires_at < now() - make_interval(secs => ?::double precision)", (double) KNOWN.toSeconds());
    }

    @Override
    public void close() {
        ticker.close();
        cleaner.close();
    }

    private static String secret(TokenKind kind) {
        return Secrets.made(kind.prefix());
    }

    private static boolean shaped(String secret) {
        return Stream.of(TokenKind.values()).anyMatch(kind -> Secrets.shaped(secret, kind.prefix()));
    }

    private static Found found(ResultSet rs) throws SQLException {
        return new Found(new TokenCheck.Good(rs.getObject("id", UUID.class), new SourceName(rs.getString("source"))), TokenKind.of(rs.getString("kind")), rs.getBoolean("over"));
    }

    private static Token row(ResultSet rs) throws SQLException {
        return new Token(rs.getObject("id", UUID.class), new SourceName(rs.getString("source")), TokenKind.of(rs.getString("kind")), rs.getString("label"), rs.getTimestamp("created_at").toInstant(), rs.getString("created_by"),
                Sql.instant(rs, "expires_at"), Sql.instant(rs, "revoked_at"), Sql.instant(rs, "last_used"));
    }
}
