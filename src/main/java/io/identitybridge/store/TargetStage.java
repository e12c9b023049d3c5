package io.identitybridge.store;

import io.identitybridge.model.Folded;
import io.identitybridge.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The pages of a whole reading of Portkey, until it is complete. One bridge reads at a time; what lies here of an earlier reading is nobody's. */
public final class TargetStage {
    private static final List<String> TABLES = List.of("stage_target_reading", "stage_target_user", "stage_target_invite", "stage_target_workspace", "stage_target_member", "stage_target_group", "stage_target_mapping");
    private static final int LONGEST_WHY = 500;
    /** It lets us in, and has not asked to be left alone for now. */
    private static final String LETS_IN = "stopped_at is null and coalesce(paused_until, now()) <= now()";

    private final Sql sql;
    private final TransactionTemplate transactions;
    private final Duration lease;

    /** @param lease how long a reading is this bridge's without another page */
    public TargetStage(JdbcTemplate jdbc, TransactionTemplate transactions, Duration lease) {
        this.sql = new Sql(jdbc);
        this.transactions = transactions;
        this.lease = lease;
    }

    /** @param began by the database's time, before the first call */
    public record Reading(UUID id, Instant began) {
    }

    /** Another bridge reads by now, for this one was too slow; or a crash of the database has emptied what was staged. */
    public static final class Lost extends RuntimeException {
        private Lost(String message) {
            super(message, null, false, false);
        }

        private static Lost over() {
            return new Lost("another bridge has taken the reading over");
        }
    }

    /** The right to read all of it; empty while another reading goes on, or while Portkey lets nobody in, or wants to be left alone. That is asked for again then, if it was {@code asked} for. */
    public Optional<Reading> begin(boolean asked) {
        return transactions.execute(tx -> {
            UUID id = UUID.randomUUID();
            Optional<Reading> begun = sql.row("update target set reading = ?, reading_until = now() + ? * interval '1 millisecond', read_wanted = false where coalesce(reading_until, now()) <= now() and " + LETS_IN
                    + " returning clock_timestamp() as at", (rs, n) -> new Reading(id, rs.getTimestamp("at").toInstant()), id, lease.toMillis());
            if (begun.isPresent()) {
                TABLES.forEach(table -> sql.run("truncate " + table));
                sql.run("insert into stage_target_reading (reading) values (?)", id);
            } else if (asked) {
                sql.run("update target set read_wanted = true");
            }
            return begun;
        });
    }

    /** Whether a reading is due: asked for, never done, older than {@code every}, or failed a while ago. */
    public boolean due(Duration every) {
        return sql.number("select count(*) from target where " + LETS_IN + " and coalesce(reading_until, now()) <= now() and (read_wanted or coalesce(greatest(read_at, read_failed_at), '-infinity')"
                + " <= now() - case when read_failed_at is null then ? else least(?, 300000) end * interval '1 millisecond')", every.toMillis(), every.toMillis()) > 0;
    }

    /** Keeps a page; gives how many rows of it were not known yet. {@link Lost} where the reading is not this bridge's any more. */
    public int page(Reading reading, List<? extends Shown> rows) {
        Columns users = new Columns(8);
        Columns invites = new Columns(6);
        Columns places = new Columns(7);
        Columns members = new Columns(5);
        Columns groups = new Columns(5);
        Columns mappings = new Columns(5);
        for (Shown row : rows) {
            switch (row) {
                case Shown.User user -> users.add(user.id(), user.email(), Folded.of(user.email()), user.name(), user.role(), user.active(), user.userName(), user.externalId());
                case Shown.Invite invite -> invites.add(invite.id(), invite.email(), Folded.of(invite.email()), invite.role(), invite.status(),
                        Sql.joined(invite.carries().entrySet().stream().flatMap(carried -> Stream.of(carried.getKey(), carried.getValue().toString())).toList()));
                case Shown.Workspace place -> places.add(place.key(), place.uuid(), place.slug(), place.name(), Folded.of(place.name()), place.shared(), place.active());
                case Shown.Member member -> members.add(member.workspace(), member.userId().or(() -> member.email().map(Folded::of)), member.userId(), member.email().map(Folded::of), member.role());
                case Shown.Group group -> groups.add(group.id(), group.name(), group.workspace(), group.role(), group.externalId());
                case Shown.Mapping mapping -> mappings.add(mapping.id(), mapping.workspace(), mapping.groupId(), mapping.groupName(), mapping.role());
            }
        }
        return transactions.execute(tx -> {
            hold(reading);
            return users.write(sql, "insert into stage_target_user select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[]) on conflict do nothing")
                    + invites.write(sql, "insert into stage_target_invite select t.id, t.email, t.folded, t.role, t.status, coalesce(string_to_array(nullif(t.carries, ''), chr(31)), '{}')"
                            + " from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as t (id, email, folded, role, status, carries) on conflict do nothing")
                    + places.write(sql, "insert into stage_target_workspace select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::boolean[]) on conflict do nothing")
                    + members.write(sql, "insert into stage_target_member select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) on conflict do nothing")
                    + mappings.write(sql, "insert into stage_target_mapping select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) on conflict do nothing")
                    + groups.write(sql, "insert into stage_target_group select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) on conflict do nothing");
        });
    }

    /** Keys of the staged workspaces, in stretches. */
    public List<String> workspaces(Optional<String> after, int most) {
        return sql.rows("select key from stage_target_workspace where ?::text is null or key > ?::text order by key limit ?", (rs, n) -> rs.getString(1), after.orElse(null), after.orElse(null), most);
    }

    /** A user, or an invite, that is known to be there. */
    public record Known(String id, String email) {
    }

    /** Users who are known to be there and are not staged, in stretches by their id. */
    public List<Known> unseen(Optional<String> after, int most) {
        return sql.rows("select user_id, email from target_person t where user_id is not null and (?::text is null or user_id > ?::text) and not exists (select 1 from stage_target_user s where s.user_id = t.user_id) order by user_id limit ?",
                (rs, n) -> new Known(rs.getString(1), rs.getString(2)), after.orElse(null), after.orElse(null), most);
    }

    /** Invites that are known to be there and are not staged, of whoever is not staged as a user either, in stretches by their id. */
    public List<Known> unseenInvites(Optional<String> after, int most) {
        return sql.rows("select invite_id, email from target_person t where invite_id is not null and user_id is null and not invite_held and (?::text is null or invite_id > ?::text)"
                        + " and not exists (select 1 from stage_target_invite s where s.invite_id = t.invite_id) and not exists (select 1 from stage_target_user u where u.folded = t.email_folded) order by invite_id limit ?",
                (rs, n) -> new Known(rs.getString(1), rs.getString(2)), after.orElse(null), after.orElse(null), most);
    }

    /** Whether anybody is staged as a user. */
    public boolean anybody() {
        return sql.number("select count(*) from (select 1 from stage_target_user limit 1) s") > 0;
    }

    /** Groups that are known to be there and are not staged. */
    public List<String> unseenGroups() {
        return sql.rows("select group_id from target_group t where absent_at is null and not exists (select 1 from stage_target_group s where s.group_id = t.group_id) order by 1", (rs, n) -> rs.getString(1));
    }

    /** The staged groups that give a role in a workspace, in stretches by their id. */
    public List<Shown.Group> giving(Optional<String> after, int most) {
        return sql.rows("select group_id, name, key, role, external_id from stage_target_group where key is not null and (?::text is null or group_id > ?::text) order by group_id limit ?",
                (rs, n) -> new Shown.Group(rs.getString(1), rs.getString(2), Optional.of(rs.getString(3)), Role.of(rs.getString(4)), Optional.ofNullable(rs.getString(5))), after.orElse(null), after.orElse(null), most);
    }

    /** A workspace that went while it was read. */
    public void forget(Reading reading, String workspace) {
        transactions.executeWithoutResult(tx -> {
            hold(reading);
            sql.run("delete from stage_target_workspace where key = ?", workspace);
            sql.run("delete from stage_target_member where key = ?", workspace);
        });
    }

    /** Brings a complete reading into what is known of Portkey. @param marks whether what the bridge made is known by its mark, and groups give the memberships (Portkey's SCIM), @param withoutMappings why mappings were not read: what is known of them stays then */
    public void merge(Reading reading, Duration lag, Guarded guarded, boolean marks, Optional<String> withoutMappings) {
        transactions.executeWithoutResult(tx -> hold(reading)); // and not for as long as the merge takes: publishing takes its calls from the same row
        transactions.executeWithoutResult(tx -> {
            staged(reading);
            new TargetMerge(sql, reading.began(), lag, guarded, marks).run(withoutMappings.isEmpty());
            if (sql.run("update target set read_at = ?::timestamptz, read_failed_at = null, read_why = null, mappings_why = ? where reading = ?", reading.began(), withoutMappings.map(TargetStage::shortened).orElse(null), reading.id()) == 0) {
                throw Lost.over();
            }
        });
    }

    /** @param people folded e-mails, @param workspaces folded names, of what no source and no publishing may touch */
    public record Guarded(Set<String> people, Set<String> workspaces) {
    }

    /** The reading is over; {@code why} it failed, if it did. */
    public void end(Reading reading, Optional<String> why) {
        if (sql.number("select count(*) from target where reading = ?", reading.id()) > 0) {
            TABLES.forEach(table -> sql.run("truncate " + table)); // addresses are not kept for longer than they are read
        }
        sql.run("update target set reading = null, reading_until = null, read_failed_at = case when ?::text is null then read_failed_at else now() end, read_why = coalesce(?::text, read_why) where reading = ?",
                why.orElse(null), why.map(TargetStage::shortened).orElse(null), reading.id());
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_WHY ? text.substring(0, LONGEST_WHY) : text;
    }

    private void hold(Reading reading) {
        if (sql.run("update target set reading_until = now() + ? * interval '1 millisecond' where reading = ?", lease.toMillis(), reading.id()) == 0) {
            throw Lost.over();
        }
        staged(reading);
    }

    private void staged(Reading reading) {
        if (sql.row("select 1 from stage_target_reading where reading = ?", (rs, n) -> true, reading.id()).isEmpty()) {
            throw new Lost("the database has lost what was read so far, as it does when it crashes; nothing follows from it");
        }
    }
}
