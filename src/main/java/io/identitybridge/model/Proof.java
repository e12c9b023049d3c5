package io.identitybridge.model;

import java.util.Map;

/**
 * Why a snapshot may be believed to be whole: how many unique records of each resource were read to the last page, without one fault.
 *
 * @param read unique records by resource, as {@code users -> 200}
 */
public record Proof(Map<String, Long> read) {
    public Proof {
        read = Map.copyOf(read);
        if (!read.containsKey("users")) {
            throw new IllegalArgumentException("a snapshot without users proves nothing");
        }
    }
}
