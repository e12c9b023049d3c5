package io.identitybridge.files;

import io.identitybridge.model.SourceName;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code routes/<source>.source.yaml}, parsed: from where and how to read one IdP. Texts keep their {@code ${...}}; the reading engine fills them in. */
public record SourceFile(SourceName name, Map<String, Setting> settings, String url, Auth auth, Optional<Page> page, Retry retry,
                         Optional<Budget> budget, Map<String, Resource> read, boolean complete, Map<String, Long> atLeast,
                         Optional<Expired> cursorExpired, Duration lag, List<Test> tests, String readHash, Optional<Ldap> ldap, Where at) {

    private static final DateTimeFormatter MILLIS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** Whether a list of users or groups can be asked for changes since a time. */
    public boolean tellsChanges() {
        return read.values().stream().anyMatch(list -> list.changed().isPresent());
    }

    /** A value from outside: an environment variable, a Spring property or a mounted file. */
    public record Setting(String name, Optional<String> env, Optional<String> property, Optional<String> file, Optional<String> vault,
                          boolean secret, Optional<String> fallback, Where at) {
    }

    public sealed interface Auth {
        record None() implements Auth {
        }

        record Header(String name, String value) implements Auth {
        }

        record Bearer(String value) implements Auth {
        }

        record Basic(String user, String password) implements Auth {
        }

        /** A token by RFC 6749, section 4.4. */
        record ClientCredentials(String tokenUrl, String clientId, ClientProof proof, Optional<String> scope, Optional<String> audience) implements Auth {
            public ClientCredentials(String tokenUrl, String clientId, ClientProof proof, Optional<String> scope) {
                this(tokenUrl, clientId, proof, scope, Optional.empty());
            }
        }

        /** A token by RFC 7523, section 2.1: the signed assertion is the grant itself, and the scope one of its claims. */
        record JwtBearer(String tokenUrl, Assertion assertion, Optional<String> scope) implements Auth {
        }

        /** The first way whose settings all have a value. */
        record FirstOf(List<Way> ways) implements Auth {
        }

        /** @param settings those that this way names, and neither every other way nor the rest of the file: where one has no value, another way may be whole */
        record Way(Auth auth, Set<String> settings) {
        }
    }

    /** How a client shows that it is the one it says. */
    public sealed interface ClientProof {
        /** @param basic sent in the Authorization header (RFC 6749, section 2.3.1) and not in the form */
        record Secret(String value, boolean basic) implements ClientProof {
            public Secret(String value) {
                this(value, false);
            }

        }
    }

    /**
     * A JSON Web Token that the bridge signs itself (RFC 7523).
     *
     * @param key      a private key as PEM or JWK, or Google's service account file
     * @param audience default: the token URL
     * @param issuer   default: the client id, or the service account's
     * @param subject  default: the client id; none for jwt-bearer
     */
    public record Assertion(String key, Optional<String> keyId, String algorithm, Optional<String> audience, Optional<String> issuer, Optional<String> subject)
            implements ClientProof {
    }

    /**
     * How one page leads to the next, and where its items and its total stand (JSON pointers; an empty one is the whole body).
     *
     * @param emptyWhen pointers and texts by which a page without items is known to be an empty one, and no error page
     */
    public record Page(Paging paging, Optional<String> items, Optional<String> total, Optional<Size> size, Map<String, String> emptyWhen) {
        public Page(Paging paging, Optional<String> items, Optional<String> total, Optional<Size> size) {
            this(paging, items, total, size, Map.of());
        }
    }

    public sealed interface Paging {
        /** {@code next: link}: the {@code Link} header's {@code rel="next"}. */
        record LinkHeader() implements Paging {
        }

        /** {@code next: /@odata.nextLink}: a URL in the body. */
        record NextUrl(String pointer) implements Paging {
        }

        /** {@code token: {at: /nextPageToken, query: pageToken}}. */
        record NextToken(String pointer, String query) implements Paging {
        }

        /** {@code offset: {query: first}}: until a page is empty. */
        record Offset(String query) implements Paging {
        }

        /** {@code number: {query: page, from: 1}}. */
        record Number(String query, int from) implements Paging {
        }

        /** {@code scim: {}}: startIndex and count, by what came and not by what was asked. */
        record ScimIndex() implements Paging {
        }

        record Single() implements Paging {
        }
    }

    public record Size(String query, int value) {
    }

    /**
     * Which statuses are tried again, how often, and what says how long to wait: {@code waitUntil} an epoch header, {@code waitFor} a seconds header.
     *
     * @param codes of an error's body, that are tried again whatever its status
     */
    public record Retry(Set<Integer> statuses, Set<String> codes, Optional<String> waitUntil, Optional<String> waitFor, int attempts) {
        public Retry(Set<Integer> statuses, Optional<String> waitUntil, Optional<String> waitFor, int attempts) {
            this(statuses, Set.of(), waitUntil, waitFor, attempts);
        }
    }

    public record Budget(double share, String limit, String left) {
    }

    /**
     * One list to read. {@code users}, {@code groups} and {@code members} have a meaning of their own; any other name is a joined read.
     *
     * @param when     the setting without whose value this list is not read
     * @param id       pointer to the record's id
     * @param repeated several records of one id: a mapping sees the list of its own record's
     * @param forEach  the resource each of whose records is asked for this list
     * @param members  pointer to the members inside a group record
     * @param member   pointer to the member's id inside one element
     * @param memberKeep pointer and value an element must have to count as a person
     * @param nested   what becomes of groups in groups
     * @param cursor   pointer, in the last page, to where the next run starts
     * @param removed  pointer that marks a record as deleted
     * @param count    where the IdP says how many there are
     * @param join     how a joined read is looked up
     * @param expand   rows of a joined read that stand for several people
     * @param changed  how to ask for what has changed since an earlier run
     * @param since    from when on it is asked for; a file says nothing of it, the run does
     */
    public record Resource(String name, String path, Map<String, String> query, Optional<Page> page, Optional<String> when, Optional<String> id,
                           boolean repeated, Optional<String> forEach, Optional<String> members, Optional<String> member,
                           Map<String, String> memberKeep, Nested nested, Optional<String> cursor, Optional<String> removed, Optional<ById> byId,
                           Optional<Count> count, Optional<String> children, Join join, Optional<Expand> expand, Optional<Changed> changed, Optional<Instant> since, Where at) {
        /** The same list, of which only what has changed since then is asked for. */
        public Resource since(Instant then) {
            Map<String, String> asked = new LinkedHashMap<>(query);
            changed.orElseThrow().query().forEach((name, text) -> asked.put(name, text.replace("${since}", MILLIS.format(then))));
            return new Resource(name, path, asked, page, when, id, repeated, forEach, members, member, memberKeep, nested, cursor, removed, byId, count, children, join, expand, changed, Optional.of(then), at);
        }
    }

    /**
     * How a record finds its part of a joined read.
     *
     * @param on    pointer to what the record calls it by; default: the record's own id where ids repeat, else the mapping sees the whole read by id
     * @param above pointer to the id of the one above: the mapping sees a list, the record's own first
     * @param value pointer to what is taken of each; default: the whole
     */
    public record Join(Optional<String> on, Optional<String> above, Optional<String> value) {
        public static final Join PLAIN = new Join(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Rows of a joined read whose id is a group's: each of its people gets the row as his own.
     *
     * @param where      pointers and texts by which such a row is known
     * @param path       where the people of one are, {@code ${id}} in it the row's id
     * @param member     pointer to the person's id inside one element
     * @param memberKeep pointers and texts that an element must have to count as a person
     */
    public record Expand(Map<String, String> where, String path, String member, Map<String, String> memberKeep) {
    }

    /** Parameters that take the place of a list's own, {@code ${since}} in them a time; {@code overlap} is how much earlier than the last run began it is set, for what the IdP shows late. */
    public record Changed(Map<String, String> query, Duration overlap) {
    }

    /**
     * Groups in groups.
     *
     * @param flattened whoever is in a group is in every group above it, too
     * @param group     pointers and texts by which a member is known to be a group; none: no member is one
     */
    public record Nested(boolean flattened, Map<String, String> group) {
        public static final Nested NONE = new Nested(false, Map.of());
    }

    public record ById(String path, Set<Integer> gone) {
    }

    public record Count(String path, Optional<String> at) {
    }

    public record Expired(Set<Integer> statuses, List<String> codes) {
    }

    /**
     * Read by LDAP v3 (RFC 4511) in place of HTTP.
     *
     * @param user     who binds: a DN, or what else the server takes
     * @param ca       the certificates to trust, as PEM text or as the path of a file; empty: the JVM's own
     * @param startTls empty: over {@code ldap://}, unless the host is this machine's own
     * @param pageSize entries a page
     * @param searches what each list under {@code read} asks for
     */
    public record Ldap(String user, String password, Optional<String> ca, Optional<Boolean> startTls, int pageSize, Map<String, Search> searches) {
    }

    public enum Scope { BASE, ONE, SUB }

    /**
     * One list of an LDAP source, beside its {@link Resource}.
     *
     * @param attributes  of one value each
     * @param multiValued attributes that a record holds as a list, whatever their number
     * @param flatten     the people of a group in a group count as the outer one's
     */
    public record Search(String base, Scope scope, String filter, List<String> attributes, List<String> multiValued, boolean flatten, Where filterAt) {
    }

    /**
     * Recorded pages and what reading them must give.
     *
     * @param members the people of each group, where they stand inside the groups
     */
    public record Test(String name, String resource, Optional<Integer> size, List<RecordedPage> pages, Optional<List<String>> records,
                       Optional<List<String>> removed, Optional<String> cursor, Optional<Map<String, List<String>>> members, Optional<String> refused, Where at) {
    }

    /** {@code status} is LDAP's result code where the source is read by LDAP. */
    public record RecordedPage(int status, Map<String, String> headers, Object body) {
    }
}
