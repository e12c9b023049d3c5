package io.identitybridge.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param total how many the filters match, over all pages
 * @param next  the cursor of the next page; empty on the last one
 */
public record Page(List<Map<String, Object>> items, long total, Optional<String> next) {
}
