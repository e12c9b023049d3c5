package io.identitybridge.store;

/**
 * Where a change comes from, for the audit.
 *
 * @param actor  {@code source:okta}, an operator's name, or {@code system}
 * @param via    push, pull, replay, approve, files, time or operator
 * @param origin {@code run:<id>}, {@code push:<request>}, {@code plan:<id>}
 */
public record Origin(String actor, String via, String origin) {
}
