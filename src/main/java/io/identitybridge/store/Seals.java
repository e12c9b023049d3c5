package io.identitybridge.store;

import io.identitybridge.model.Folded;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Encrypts what dead letters hold, with a random key of its own for each subject: one account or group of one source. The keys lie in
 * {@code person_cipher}, wrapped; where one is destroyed, nothing that it sealed can be read any more. People are found by keyed hashes.
 */
public final class Seals {
    private static final int HASH = 16;
    private static final String HASHED = "hash:";
    private final Sql sql;
    private final byte[] wrapping;
    private final byte[] subjects;
    private final byte[] names;

    Seals(Sql sql, byte[] master) {
        this.sql = sql;
        byte[] salt = new byte[Aes.KEY];
        this.wrapping = Aes.derived(master, salt, "wraps the keys of subjects");
        this.subjects = Aes.derived(master, salt, "hashes subjects");
        this.names = Aes.derived(master, salt, "hashes names");
    }

    /** Whose letter it is, as a keyed hash of source, resource and key, in hexadecimal digits. */
    String subject(String source, String resource, String key) {
        return hash(subjects, source + Sql.UNIT + resource + Sql.UNIT + key);
    }

    /** The keyed hash by which an e-mail or a user name is found, in whatever case; hexadecimal digits. */
    String name(String name) {
        return hash(names, Folded.of(name));
    }

    /** What a letter is filed under: the id, or of one that is an address its keyed hash, in whatever case. A hash stays as it is. */
    String key(String id) {
        return id.indexOf('@') < 0 ? id : HASHED + hash(subjects, "key" + Sql.UNIT + Folded.of(id));
    }

    /** Whether that is what a letter is filed under in the place of an address. */
    static boolean hashed(String key) {
        return key.startsWith(HASHED);
    }

    private static String hash(byte[] key, String text) {
        return HexFormat.of().formatHex(Aes.hmac(key, text.getBytes(StandardCharsets.UTF_8)), 0, HASH);
    }

    /** The keys of these subjects, made where there is none, or only a destroyed one, yet. Within the transaction that writes what they seal. */
    Map<String, Key> keys(Collection<String> wanted) {
        Map<String, Key> keys = known(wanted, " order by subject for share"); // nobody takes away or destroys a key while something is sealed with it
        Columns fresh = new Columns(2);
        wanted.stream().distinct().sorted().filter(subject -> !keys.containsKey(subject)) // sorted: two writers never wait for each other
                .forEach(subject -> fresh.add(HexFormat.of().parseHex(subject), Aes.seal(wrapping, Aes.random(Aes.KEY), about(subject))));
        if (!fresh.isEmpty()) {
            fresh.write(sql, "insert into person_cipher as c (subject, key) select * from unnest(?::bytea[], ?::bytea[]) on conflict (subject) do update set key = coalesce(c.key, excluded.key)");
            keys.putAll(known(wanted, " order by subject for share")); // somebody else's where that came first
        }
        return keys;
    }

    /** The keys of these subjects that are there. */
    Map<String, Key> known(Collection<String> wanted) {
        return known(wanted, "");
    }

    private Map<String, Key> known(Collection<String> wanted, String locked) {
        Map<String, Key> keys = new TreeMap<>();
        sql.rows("select encode(subject, 'hex'), key from person_cipher where key is not null and subject = any(select decode(s, 'hex') from unnest(?::text[]) as t (s))" + locked,
                (rs, n) -> keys.put(rs.getString(1), new Key(rs.getString(1), rs.getBytes(2))), wanted);
        return keys;
    }

    /** One subject's key, unwrapped when it is used. */
    final class Key {
        private final String subject;
        private final byte[] key;

        private Key(String subject, byte[] wrapped) {
            this.subject = subject;
            this.key = Aes.open(wrapping, wrapped, about(subject)).orElseThrow(() -> new IllegalStateException("the key of subject " + subject + " was not wrapped by this master key"));
        }

        byte[] seal(String text) {
            return Aes.seal(key, text.getBytes(StandardCharsets.UTF_8), about(subject));
        }

        /** Empty for what an earlier, destroyed key of the subject has sealed. */
        Optional<String> open(byte[] sealed) {
            return Aes.open(key, sealed, about(subject)).map(text -> new String(text, StandardCharsets.UTF_8));
        }
    }

    private static byte[] about(String subject) {
        return subject.getBytes(StandardCharsets.US_ASCII);
    }

    /** No key is shown. */
    @Override
    public String toString() {
        return "Seals";
    }
}
