package io.identitybridge.store;

/** Which workspaces that Portkey does not show are made there. */
public enum Creates {
    /** None. */
    NONE,
    /** Those that were here when an operator last said that he has looked: Portkey's SCIM does not show all that are there. */
    AGREED,
    /** All. */
    ALL
}
