package io.identitybridge.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Says of a person's fields which account's word they are, and which words lost against it. */
public interface Reasoning {
    /** @param person   the person's id */
    Reasons of(UUID person);

    /**
     * File and line of the expression that gave a field then; empty where that set of files is kept no more, or SCIM's own name gives it.
     *
     * @param set   the hash of the files of then
     * @param field {@code email}, {@code userName}, {@code displayName}, {@code status} or {@code role}
     * @param push  whether a push told it
     */
    Optional<String> then(String set, SourceName source, String field, boolean push);

    /**
     * @param refused sentences that a bound of portkey.yaml, the last hop or the wish itself refused, each with its reason
     * @param several what of several roles in one workspace holds, in words
     */
    record Reasons(List<Because> fields, List<String> refused, String several) {
    }

    /**
     * One field with whose word it is.
     *
     * @param via  {@code push} or {@code pull}: the newer one of that account
     * @param told when that was told
     * @param rule file and line of the expression that gives it, or the override in its place; empty where SCIM's own name does
     */
    record Because(String field, String value, SourceName source, String account, String via, Optional<Instant> told, Optional<String> rule, List<Lost> lost) {
    }

    /** A word that does not hold, and why. */
    record Lost(String value, SourceName source, String via, String why) {
    }
}
