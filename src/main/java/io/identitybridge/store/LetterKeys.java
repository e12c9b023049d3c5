package io.identitybridge.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What letters are filed under where an IdP's id is an address: its keyed hash. The address itself is sealed. */
final class LetterKeys {
    private static final int CHUNK = 1_000;
    private static final String OTHERS = "source <> '" + TargetLetters.SOURCE + "' and resource in ('user', 'link', 'group') and key like '%@%'";
    private final Sql sql;
    private final Seals seals;

    LetterKeys(Sql sql, Seals seals) {
        this.sql = sql;
        this.seals = seals;
    }

    private record Sealed(long id, String source, String resource, String subject, byte[] key, boolean found) {
    }

    /** The addresses of those of the letters that are filed under one's hash, by their numbers; whose account or group is stored by now is noted. */
    Map<Long, String> addresses(List<Long> letters) {
        List<Sealed> sealed = sql.rows("select id, source, resource, encode(subject, 'hex'), sealed_key, record_id is not null from dead_letter where id = any(?::bigint[]) and sealed_key is not null",
                (rs, n) -> new Sealed(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4), rs.getBytes(5), rs.getBoolean(6)), letters);
        Map<String, Seals.Key> keys = seals.known(sealed.stream().map(Sealed::subject).collect(Collectors.toSet()));
        Map<Long, String> addresses = new HashMap<>();
        Columns fresh = new Columns(4);
        sealed.forEach(one -> Optional.ofNullable(keys.get(one.subject())).flatMap(key -> key.open(one.key())).ifPresent(address -> {
            addresses.put(one.id(), address);
            if (!one.found()) {
                fresh.add(one.id(), one.source(), one.resource(), address);
            }
        }));
        fresh.write(sql, "update dead_letter d set record_id = " + Letters.RECORD + " from unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) as t (id, source, resource, address) where d.id = t.id");
        return addresses;
    }

    private record Bare(long id, String source, String resource, String key) {
    }

    /** Takes addresses out of what earlier versions have filed letters under. Gives how many. */
    int hide() {
        int hidden = 0;
        List<Bare> bare = bare();
        while (!bare.isEmpty()) {
            hidden += bare.size();
            hide(bare);
            bare = bare();
        }
        return hidden;
    }

    private List<Bare> bare() {
        return sql.rows("select id, source, resource, key from dead_letter where " + OTHERS + " order by id limit " + CHUNK, (rs, n) -> new Bare(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4)));
    }

    private void hide(List<Bare> bare) {
        Map<String, Seals.Key> keys = seals.keys(bare.stream().map(this::subject).toList());
        Columns rows = new Columns(7);
        List<Object> ids = new ArrayList<>();
        bare.forEach(one -> {
            rows.add(one.id(), one.source(), one.resource(), one.key(), seals.key(one.key()), keys.get(subject(one)).seal(one.key()), subject(one));
            ids.add(one.id());
        });
        sql.run("update dead_letter d set status = 'superseded', why = 'another letter is about the same address', closed_at = now() where id = any(?::bigint[]) and status in ('open', 'retrying') and exists (select 1 from dead_letter o where o.source = d.source"
                + " and o.resource = d.resource and o.status in ('open', 'retrying') and o.id > d.id and (lower(o.key) = lower(d.key) or o.record_id in (select a.id from account a where a.source = d.source and a.external_id = d.key)))", ids);
        rows.write(sql, "update dead_letter d set key = t.filed, sealed_key = t.sealed, subject = decode(t.subject, 'hex'), sentence = replace(d.sentence, t.address, '...'), record_id = " + Letters.RECORD
                + " from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[]) as t (id, source, resource, address, filed, sealed, subject) where d.id = t.id");
    }

    private String subject(Bare one) {
        return seals.subject(one.source(), one.resource(), one.key());
    }
}
