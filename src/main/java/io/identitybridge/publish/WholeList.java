package io.identitybridge.publish;

import io.identitybridge.model.Cause;
import io.identitybridge.store.Shown;
import java.util.List;
import java.util.Optional;

/**
 * A list, read to its end, and again where it moved: by offset, what is deleted meanwhile lets others slip through between two pages. Its total alone is never
 * believed, and neither is a list that has fewer than it says.
 */
final class WholeList {
    /** Rows that are asked for at once. */
    static final int SIZE = 100;
    private static final int MOST_PAGES = 50_000;
    private static final int PASSES = 3;

    private WholeList() {
    }

    /** @param total what the list says of itself, @param last nothing comes after it */
    record Part(List<? extends Shown> rows, Optional<Long> total, boolean last) {
    }

    /** One page. */
    @FunctionalInterface
    interface Source {
        /** @param page from 0, @param before how many rows came with the pages before it */
        Part part(int page, long before);
    }

    /** @param kind of its calls; {@link TargetFault} where no reading of it is whole */
    static void read(String kind, TargetReader.Pages pages, Source source) {
        long known = 0;
        for (int pass = 1; pass <= PASSES; pass++) {
            Pass read = pass(pages, source, pass == 1);
            known += read.fresh();
            if (read.still() && read.total().filter(total -> total <= PASSES * SIZE * (long) MOST_PAGES).orElse(known) <= known) {
                return;
            }
        }
        throw new TargetFault(Cause.TRANSIENT, kind, kind + ": the list moves so fast, or lacks so much of what it says it has, that no reading of it is whole", false, Optional.empty());
    }

    /** @param still the list said the same total from its first page to its last */
    private record Pass(long fresh, Optional<Long> total, boolean still) {
    }

    private static Pass pass(TargetReader.Pages pages, Source source, boolean first) {
        long fresh = 0;
        long seen = 0;
        Optional<Long> total = Optional.empty();
        boolean still = true;
        for (int page = 0; page < MOST_PAGES; page++) {
            Part part = source.part(page, seen);
            int more = part.rows().isEmpty() ? 0 : pages.page(part.rows());
            fresh += more;
            seen += part.rows().size();
            still &= page == 0 || part.total().equals(total);
            total = part.total();
            if (part.last()) {
                return new Pass(fresh, total, still);
            }
            if (first && more == 0) {
                throw AdminRows.odd("a list gives the same page again and again");
            }
        }
        throw AdminRows.odd("a list has no end");
    }
}
