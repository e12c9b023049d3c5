package io.identitybridge.store;

/** The version of a group with its members (RFC 7644, 3.14), who come and go without its row being touched. */
public final class GroupVersion {
    private GroupVersion() {
    }

    /**
     * @param version of its own row
     * @param changes of its members, all that were ever made
     * @return as {@code 3-17}
     */
    public static String of(long version, long changes) {
        return version + "-" + changes;
    }
}
