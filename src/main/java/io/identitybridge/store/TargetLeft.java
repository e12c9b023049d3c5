package io.identitybridge.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Whose API keys Portkey may still hold: users of the bridge's who are not there any more, until a look at its keys has found none. The keys themselves are kept nowhere. */
public final class TargetLeft {
    private static final String KIND = "keys";
    private static final String ALL = "list";
    private static final String ADMIN_API = "exists (select 1 from target where kind = 'portkey-admin-api')";

    private final Sql sql;
    private final TransactionTemplate transactions;

    public TargetLeft(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
    }

    /** @param userId as Portkey knew him, @param places all the workspaces he was ever seen in, as its lists of keys ask for them */
    public record Left(String userId, Optional<UUID> person, List<String> places) {
        private String subject() {
            return person.map(UUID::toString).orElse("user " + userId);
        }
    }

    /**
     * Remembers users who are about to be forgotten, with every workspace they were in: those they had a moment ago, those their invites gave, and those they were taken out of before. Takes what gives
     * {@code target_person p}, their ids there, and which of them. By the Admin API alone: by SCIM the keys go with the user (backend 1.15.0).
     */
    static final String LEFT = "insert into target_left (user_id, person_id, places) select distinct on (u.id) u.id, p.person_id, array(select coalesce(w.slug, w.uuid) from target_workspace w where w.uuid is not null"
            + " and (w.id in (select m.workspace from target_member m where m.person = p.id) or w.id::text = any(p.invite_carries)) union select h.place from target_had h where h.user_id = u.id)"
            + " from %1$s cross join lateral unnest(array[%2$s]) as u (id) where %3$s and u.id is not null and p.owner in ('managed', 'adopted') and " + ADMIN_API + " order by u.id, p.user_id = u.id desc nulls last"
            + " on conflict (user_id) do update set places = array(select distinct unnest(target_left.places || excluded.places)), left_at = now(), checked_at = null, none_at = null";
    /** Remembers the workspaces of rows that are about to be taken away. Takes what is joined to {@code target_member m}, {@code target_person p} and {@code target_workspace w}, and which of them. */
    static final String HAD = "insert into target_had (user_id, place) select distinct p.user_id, coalesce(w.slug, w.uuid) from target_member m join target_person p on p.id = m.person join target_workspace w on w.id = m.workspace %1$s"
            + " where %2$s and p.user_id is not null and w.uuid is not null and " + ADMIN_API + " order by 1, 2 on conflict (user_id, place) do update set left_at = now()";

    /** Lets a user, {@code target_person o}, whose address is another one's now go by his id: nobody has that as an address, and his id still says who he is. Takes whom it is about. */
    static final String NAMELESS = "update target_person o set email = o.user_id, email_folded = lower(o.user_id) %s and o.user_id is not null";

    /** Takes those whose keys are to be looked at now: {@code lag} after they left, and every {@code again} while there are some. Who is back is forgotten. */
    public List<Left> due(Duration lag, Duration again, int most) {
        return transactions.execute(tx -> {
            sql.run("delete from target_left l using target_person p where p.user_id = l.user_id");
            close();
            return sql.rows("update target_left set checked_at = now() where user_id in (select user_id from target_left where checked_at is null and left_at <= now() - ? * interval '1 millisecond' or checked_at <= now() - ? * interval '1 millisecond'"
                    + " order by left_at limit ? for update skip locked) returning user_id, person_id, places", (rs, n) -> left(rs.getString(1), Sql.uuid(rs, "person_id"), Sql.texts(rs, "places")), lag.toMillis(), again.toMillis(), most);
        });
    }

    /** Whom this person was at Portkey before he was not there any more. */
    public List<Left> of(UUID person) {
        return sql.rows("select user_id, person_id, places from target_left l where person_id = ? and not exists (select 1 from target_person p where p.user_id = l.user_id) order by left_at", (rs, n) -> left(rs.getString(1), Sql.uuid(rs, "person_id"), Sql.texts(rs, "places")), person);
    }

    /** Whether the last reading shows this workspace: keys of one that is gone cannot be asked for. */
    public boolean shows(String place) {
        return sql.number("select count(*) from target_workspace where ? in (slug, uuid) and absent_at is null", place) > 0;
    }

    /** So many keys are held for him: told while there are any, and forgotten with him when there are none, and were none before the last reading: a list may be empty once. */
    public void held(Left left, int keys) {
        transactions.executeWithoutResult(tx -> {
            sql.run("update target_finding set closed_at = now() where closed_at is null and kind = ? and subject = ?", KIND, ALL);
            if (keys == 0) {
                if (sql.run("delete from target_left where user_id = ? and none_at < (select read_at from target)", left.userId()) > 0) {
                    sql.run("delete from target_had where user_id = ?", left.userId());
                }
                sql.run("update target_left set held = 0, none_at = coalesce(none_at, now()) where user_id = ?", left.userId());
                close();
            } else {
                sql.run("update target_left set held = ?, none_at = null where user_id = ?", keys, left.userId());
                tell(left.subject(), "Portkey still holds " + keys + (keys == 1 ? " API key" : " API keys") + " of somebody who has left", left.person().map(id -> "look at them with 'bridge target keys " + id + "', and end them with --revoke").orElse("end them at Portkey by hand"));
            }
        });
    }

    /** His keys could not be looked at; {@code why}, where nobody's can be. He is looked at again {@code soon}. */
    public void unseen(Left left, Optional<String> why, Duration again, Duration soon) {
        transactions.executeWithoutResult(tx -> {
            sql.run("update target_left set checked_at = now() - ? * interval '1 millisecond' where user_id = ?", again.minus(soon).toMillis(), left.userId());
            why.ifPresent(reason -> tell(ALL, "the API keys of those who left cannot be listed: " + reason, "give the Admin key the scopes workspace_user_api_keys.list and .delete, or look for their keys at Portkey by hand"));
        });
    }

    private void tell(String subject, String sentence, String todo) {
        sql.run("insert into target_finding (kind, subject, sentence, todo) values (?, ?, ?, ?) on conflict (kind, subject) where closed_at is null do update set sentence = excluded.sentence, todo = excluded.todo, last_at = now()", KIND, subject, sentence, todo);
    }

    /** What is told of somebody whose keys nobody looks at any more: there are none, he is back, or he is forgotten. */
    private void close() {
        sql.run("update target_finding f set closed_at = now() where closed_at is null and kind = ? and not exists (select 1 from target_left l where f.subject = ? or f.subject = coalesce(l.person_id::text, 'user ' || l.user_id) and l.held > 0)", KIND, ALL);
    }

    private static Left left(String userId, Optional<UUID> person, List<String> places) {
        return new Left(userId, person, places);
    }
}
