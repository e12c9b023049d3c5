package io.identitybridge.model;

/**
 * A fault of one record: a value, not an exception. It becomes a dead letter; the rest goes on.
 *
 * @param resource {@code user}, {@code group} or {@code link}
 * @param key      the record's id at the IdP
 * @param where    the attribute or rule, as {@code email} or {@code admit}
 * @param message  what is wrong, in plain words
 */
public record Problem(Cause cause, String resource, String key, String where, String message) {
    /** The sentence of a letter and of a mapping test: {@code user 1f0c: email: no value for 'record.email'}. */
    public String sentence() {
        return resource + " " + key + ": " + (where.isEmpty() ? "" : where + ": ") + message;
    }

    /** What letters of one cause share: everything but the key. */
    public String fingerprint() {
        return cause + "|" + resource + "|" + where + "|" + message.replaceAll("'[^']*@[^']*'", "'...'");
    }
}
