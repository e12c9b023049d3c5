package io.identitybridge.model;

/** Why a letter is dead (SAFETY 5.2); each class has its own reaction. */
public enum Cause {
    TRANSIENT, DEPENDENCY, AUTH, TARGET_POISON, MAPPING_POISON, AMBIGUOUS, BUG
}
