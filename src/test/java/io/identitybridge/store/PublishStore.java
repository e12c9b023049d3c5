package io.identitybridge.store;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What tests of the publisher need of the store without a whole bridge around it. */
public final class PublishStore {
    private PublishStore() {
    }

    public static Outbox outbox(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Outbox(jdbc, transactions, new Seals(new Sql(jdbc), new byte[32]));
    }

    /** These keys may differ, within the transaction that is under way. */
    public static void wants(JdbcTemplate jdbc, Collection<UUID> people, Collection<UUID> leavers) {
        Outbox.wants(new Sql(jdbc), "person", people, leavers);
    }

    public static void wantsPlaces(JdbcTemplate jdbc, Collection<UUID> workspaces) {
        Outbox.wants(new Sql(jdbc), "workspace", workspaces, List.of());
    }
}
