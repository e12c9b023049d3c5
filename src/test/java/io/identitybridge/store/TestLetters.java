package io.identitybridge.store;

import java.util.HexFormat;
import org.springframework.jdbc.core.JdbcTemplate;

/** Letters that a test has written by hand get what a bridge would have stored encrypted. */
public final class TestLetters {
    private TestLetters() {
    }

    /** Each letter's sentence as it is, and this record. */
    public static void seal(JdbcTemplate sql, Seals seals, String record) {
        sql.query("select id, source, resource, key, sentence from dead_letter", rs -> {
            String subject = seals.subject(rs.getString(2), rs.getString(3), rs.getString(4));
            Seals.Key key = seals.keys(java.util.List.of(subject)).get(subject);
            sql.update("update dead_letter set subject = ?, sealed_sentence = ?, sealed_record = ? where id = ?", HexFormat.of().parseHex(subject), key.seal(rs.getString(5)), key.seal(record), rs.getLong(1));
        });
    }
}
