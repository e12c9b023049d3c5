package io.identitybridge.store;

import io.identitybridge.model.BadSetting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one random key of a database, which all keys for personal data are derived from. It lies in the database, sealed with a key derived from
 * {@link BridgeSecret}, so that a changed secret seals one row anew and not every letter. A shared database without a secret keeps it bare, with a
 * warning at each start: a bridge that does not start leaves leavers with their access, and that is worse.
 */
final class MasterKey {
    private static final Logger LOG = LoggerFactory.getLogger(MasterKey.class);
    private static final byte[] ABOUT = "bridge_key".getBytes(StandardCharsets.UTF_8);
    private final Sql sql;

    MasterKey(Sql sql) {
        this.sql = sql;
    }

    private record Row(byte[] salt, byte[] key, boolean bare) {
    }

    /**
     * The key, made where there is none yet; a bare one is sealed once there is a secret. Throws {@link BadSetting} where none of the secrets opens it.
     *
     * @param secret the one that holds
     * @param before those that held before: whichever opens it, the row is sealed anew with the one that holds
     */
    byte[] opened(Optional<BridgeSecret> secret, List<BridgeSecret> before) {
        Row row = row().orElseGet(() -> {
            byte[] salt = Aes.random(Aes.KEY);
            int made = sql.run("insert into bridge_key (salt, key, bare) values (?, ?, true) on conflict do nothing", salt, Aes.random(Aes.KEY));
            if (made > 0) {
                unknown();
            }
            return row().orElseThrow();
        });
        if (row.bare()) {
            secret.ifPresentOrElse(with -> sealed(row, row.key(), with),
                    () -> LOG.warn("BRIDGE_SECRET is not set: what dead letters hold of people is encrypted with a key that lies beside it in the database. Make one by 'openssl rand -base64 32' and set it on every bridge, as BRIDGE_SECRET or in a file that BRIDGE_SECRET_FILE names (src/docs/personal-data.md)"));
            return secret.isPresent() ? row().filter(now -> !now.bare()).map(now -> opened(now, secret, before)).orElseThrow() : row.key();
        }
        return opened(row, secret, before);
    }

    /** A key before this one was lost, and with it the hashes by which those are known who were revoked and forgotten. */
    private void unknown() {
        long people = sql.number("select count(*) from person where revoked_at is not null and forgotten_at is not null");
        if (people > 0) {
            LOG.error("The key for personal data is a new one, and {} whom an operator has revoked and who were forgotten since were known by hashes of the one before: whoever of them an IdP sends comes in again. Have them removed there, or revoke them anew (src/docs/personal-data.md)", people);
        }
    }

    private byte[] opened(Row row, Optional<BridgeSecret> secret, List<BridgeSecret> before) {
        Optional<byte[]> opened = secret.flatMap(with -> opened(row, with));
        if (opened.isPresent()) {
            return opened.get();
        }
        for (BridgeSecret old : before) {
            Optional<byte[]> key = opened(row, old);
            if (key.isPresent()) {
                secret.ifPresent(with -> sealed(row, key.get(), with));
                return key.get();
            }
        }
        throw new BadSetting("BRIDGE_SECRET", secret.map(with -> "not the one").orElse("not set"), "This database was written with " + (secret.isPresent() ? "another one than that of " + secret.get().place() : "one")
                + ": set BRIDGE_SECRET to what the other bridges have (or the file that BRIDGE_SECRET_FILE names), or put the file 'secret' of the data directory back. To change it, set the one before as BRIDGE_SECRET_BEFORE for one start."
                + " If it is lost for good, src/docs/personal-data.md says how to go on without what dead letters hold.");
    }

    private static Optional<byte[]> opened(Row row, BridgeSecret with) {
        return Aes.open(with.key(row.salt()), row.key(), ABOUT);
    }

    /** Only over the row as it was read: of two bridges that start at once the first seals it. */
    private void sealed(Row row, byte[] master, BridgeSecret with) {
        byte[] salt = Aes.random(Aes.KEY);
        int done = sql.run("update bridge_key set salt = ?, key = ?, bare = false, since = now() where salt = ?", salt, Aes.seal(with.key(salt), master, ABOUT), row.salt());
        if (done > 0) {
            LOG.info("the key for personal data is sealed with {} now", with.place());
        }
    }

    private Optional<Row> row() {
        return sql.row("select salt, key, bare from bridge_key", (rs, n) -> new Row(rs.getBytes(1), rs.getBytes(2), rs.getBoolean(3)));
    }
}
