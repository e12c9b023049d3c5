package io.identitybridge.model;

/** What an account asks for its person. */
public enum Standing {
    /** Admitted and active: gives the person what its groups and rules give. */
    IN,
    /** Admitted only if some group or rule gives a workspace ({@code admit: in-any-workspace}). */
    IN_IF_PLACED,
    /** Disabled or gone at the IdP, and the mapping says archive: a leaver. */
    LEFT,
    /** No longer admitted by the mapping's expression, and it says archive: never at once, always a held plan. */
    OUT_OF_SCOPE,
    /** Left or out of scope where the mapping says keep: the person stays as he is. */
    KEPT;

    /** Whether it lets its person in, if only with a place. */
    public boolean admits() {
        return this == IN || this == IN_IF_PLACED;
    }
}
