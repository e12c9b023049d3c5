package io.identitybridge.store;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The store's parts over the one pool. */
@Configuration(proxyBeanMethods = false)
class StoreBeans {
    @Bean
    TransactionTemplate transactions(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Bean
    Ledger ledger(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        return new Ledger(jdbc, transactions, seals);
    }

    @Bean
    Staging staging(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Staging(jdbc, transactions);
    }

    @Bean
    Runs runs(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Runs(jdbc, transactions);
    }

    @Bean
    ActiveSets activeSets(JdbcTemplate jdbc) {
        return new ActiveSets(jdbc);
    }

    @Bean
    Raises raises(JdbcTemplate jdbc) {
        return new Raises(jdbc);
    }

    @Bean
    Plans plans(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Plans(jdbc, transactions);
    }

    @Bean
    Expiry expiry(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Expiry(jdbc, transactions);
    }

    @Bean
    Revocations revocations(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Revocations(jdbc, transactions);
    }

    @Bean
    Linkage linkage(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Linkage(jdbc, transactions);
    }

    @Bean
    Undo undo(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        return new Undo(jdbc, transactions, seals);
    }

    @Bean
    Forgetting forgetting(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        return new Forgetting(jdbc, transactions, seals);
    }

    @Bean
    Statistics statistics(JdbcTemplate jdbc) {
        return new Statistics(jdbc);
    }

    @Bean
    Retention retention(JdbcTemplate jdbc, TransactionTemplate transactions, Staging staging, Runs runs) {
        return new Retention(jdbc, transactions, staging, runs);
    }

    @Bean
    Tokens tokens(JdbcTemplate jdbc) {
        return new Tokens(jdbc);
    }

    @Bean
    ScimReads scimReads(JdbcTemplate jdbc) {
        return new ScimReads(jdbc);
    }

    @Bean
    RequestLog requestLog(JdbcTemplate jdbc) {
        return new RequestLog(jdbc);
    }

    @Bean
    TallyFold tallyFold(JdbcTemplate jdbc) {
        return new TallyFold(jdbc);
    }

    @Bean
    Outbox outbox(JdbcTemplate jdbc, TransactionTemplate transactions, Seals seals) {
        return new Outbox(jdbc, transactions, seals);
    }

    @Bean
    TargetOwners targetOwners(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new TargetOwners(jdbc, transactions);
    }

    @Bean
    PublishReads publishReads(JdbcTemplate jdbc) {
        return new PublishReads(jdbc);
    }

    @Bean
    TargetState targetState(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new TargetState(jdbc, transactions);
    }

    @Bean
    TargetStage targetStage(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new TargetStage(jdbc, transactions, Duration.ofMinutes(10));
    }

    @Bean
    TargetDrift targetDrift(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new TargetDrift(jdbc, transactions);
    }

    @Bean
    TargetLeft targetLeft(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new TargetLeft(jdbc, transactions);
    }

    @Bean
    Adoption adoption(JdbcTemplate jdbc, TransactionTemplate transactions) {
        return new Adoption(jdbc, transactions);
    }

    @Bean
    HighWater highWater(@Value("${bridge.data:data}") Path data) {
        return new HighWater(data);
    }
}
