package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Resource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads lists of records. The last page of a list is handed on only once the list is proved, so a list that was handed on to its end is whole. */
final class Lists {
    private final SourceFile file;
    private final Addresses addresses;
    private final Pages pages;
    private final Limits limits;
    private final Faults faults;

    Lists(SourceFile file, Addresses addresses, Pages pages, Limits limits, Faults faults) {
        this.file = file;
        this.addresses = addresses;
        this.pages = pages;
        this.limits = limits;
        this.faults = faults;
    }

    /** What one list gave besides its pages. */
    record Outcome(long unique, Optional<String> cursor) {
    }

    /** Takes a list's pages; {@code all} holds every record of the page in its order, ids repeated as they came. */
    interface Taker {
        /** From the first page on: what was handed on of this list before is void. */
        void begin();

        void page(PageRead page, List<Item> all);

        /** These groups lie in that one; told before the page on which they are. */
        default void children(String group, List<String> below) {
        }
    }

    /** Reads a list to its end, from a broken-off reading's last page on if there is one. Read once more from the start if the number of records is wrong. */
    Outcome read(Resource resource, Optional<String> cursor, Optional<Progress> progress, Taker taker) {
        Optional<Progress> finished = progress.filter(p -> p.next().isEmpty() && resource.cursor().isEmpty());
        if (finished.isPresent()) {
            return new Outcome(SeenIds.of(finished.get().seen()).size(), Optional.empty());
        }
        // Without its last page a finished delta has no cursor, so that list begins anew.
        Optional<Progress> goOn = progress.filter(p -> p.next().isPresent());
        if (goOn.isPresent()) {
            Pass rest = new Pass(resource, cursor, goOn.get().seen(), taker);
            try {
                return rest.read(goOn.get().next().get(), goOn.get().page() + 1);
            } catch (BadStatus bad) {
                if (rest.handedOn > 0 || bad.status() == 401 || bad.status() == 403 || bad.status() >= 500 || bad.status() == 429) {
                    throw bad;
                }
                // The source no longer knows the kept position: begin anew.
            } catch (Mismatch mismatch) {
                // Counted over two runs; a reading in one go decides.
            }
        }
        try {
            return fresh(resource, cursor, taker);
        } catch (Mismatch first) {
            return second(resource, cursor, taker);
        }
    }

    private Outcome second(Resource resource, Optional<String> cursor, Taker taker) {
        try {
            return fresh(resource, cursor, taker);
        } catch (Mismatch again) {
            throw again.fault();
        }
    }

    private Outcome fresh(Resource resource, Optional<String> cursor, Taker taker) {
        taker.begin();
        Pass pass = new Pass(resource, cursor, new byte[0], taker);
        return pass.read(pass.pager.start(), 1);
    }

    private Optional<Page> paging(Resource resource) {
        return resource.page().or(file::page);
    }

    /** One way through a list. */
    private final class Pass {
        private final Resource resource;
        private final boolean whole;
        private final Taker taker;
        private final Pager pager;
        private final Records records;
        private final Optional<Children> children;
        private final SeenIds seen;
        private final SeenIds nested = new SeenIds();
        private Optional<Long> said = Optional.empty();
        private int handedOn;
        private Optional<String> cursor = Optional.empty();

        Pass(Resource resource, Optional<String> from, byte[] hashes, Taker taker) {
            this.resource = resource;
            this.whole = from.isEmpty() && resource.since().isEmpty();
            this.taker = taker;
            this.seen = SeenIds.of(hashes);
            URI list = addresses.of(resource.path(), Map.of(), resource.query());
            this.pager = new Pager(resource.name(), paging(resource), list, from, addresses, faults);
            this.records = new Records(resource, faults);
            this.children = resource.children()
                .map(path -> new Children(resource, path, records, Lists.this.pages, addresses, paging(resource), limits, faults, taker::children));
        }

        Outcome read(String position, int number) {
            Lists.this.pages.read(resource.name(), pager, position, number, this::take);
            return new Outcome(seen.size() + nested.size(), cursor);
        }

        private void take(Pages.RawPage raw) {
            List<Item> all = new ArrayList<>(records.of(resource.name(), raw.number(), raw.elements()));
            all.stream().filter(item -> !item.removed()).forEach(item -> seen.add(item.id()));
            children.ifPresent(c -> {
                List<Item> below = c.below(records.unique(all));
                below.forEach(item -> nested.add(item.id()));
                all.addAll(below);
            });
            // Past the end some sources leave the total out, so the last one that was told counts.
            said = raw.total().or(() -> said);
            if (raw.next().isEmpty()) {
                prove(raw);
                cursor = records.cursor(resource.name(), raw.body());
            }
            taker.page(new PageRead(resource.name(), raw.number(), raw.next(), records.unique(all), raw.askedAt()), all);
            handedOn++;
        }

        /** A list from a cursor, or since a time, holds only changes: their number says nothing. */
        private void prove(Pages.RawPage last) {
            if (whole) {
                pager.totalAt().ifPresent(pointer -> equal(seen.size(), said.orElseThrow(() ->
                    faults.of(resource.name() + ": page " + last.number() + ": there is no number at " + pointer + "; look at total in the source file"))));
                resource.count().ifPresent(count -> equal(seen.size() + nested.size(), asked(count)));
                enough(seen.size() + nested.size());
            }
        }

        private void equal(long read, long said) {
            if (read != said) {
                throw new Mismatch(faults.of(resource.name() + ": " + read + " read, the source says " + said));
            }
        }

        private void enough(long read) {
            Optional.ofNullable(file.atLeast().get(resource.name())).filter(least -> read < least).ifPresent(least -> {
                throw faults.of(resource.name() + ": " + read + " read, at least " + least + " expected");
            });
        }

        private long asked(SourceFile.Count count) {
            return Lists.this.pages.count(resource.name() + ": count", addresses.of(count.path(), Map.of(), Map.of()), count.at());
        }
    }
}
